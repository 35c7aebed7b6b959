import {
  BrowserWindow,
  clipboard,
  Menu,
  type ContextMenuParams,
  type MenuItemConstructorOptions,
  type WebContents,
} from 'electron';
import type { Translate } from '../program/texts.ts';

type Clicked = Pick<ContextMenuParams, 'isEditable' | 'selectionText' | 'editFlags' | 'linkURL'>;

/** What a right click offers. Empty: nothing to offer there. */
export function contextMenuTemplate(
  t: Translate,
  { isEditable, selectionText, editFlags, linkURL }: Clicked,
  copyText: (text: string) => void,
): MenuItemConstructorOptions[] {
  const item = (
    role: 'cut' | 'copy' | 'paste' | 'selectAll',
    enabled: boolean,
  ): MenuItemConstructorOptions => ({ role, label: t(`app.menuBar.${role}`), enabled });
  const link: MenuItemConstructorOptions[] = /^https?:/.test(linkURL)
    ? [{ label: t('app.menuBar.copyLink'), click: () => copyText(linkURL) }]
    : [];
  if (isEditable) {
    return [
      item('cut', editFlags.canCut),
      item('copy', editFlags.canCopy),
      item('paste', editFlags.canPaste),
      item('selectAll', editFlags.canSelectAll),
    ];
  }
  return [...(selectionText.trim() === '' ? [] : [item('copy', editFlags.canCopy)]), ...link];
}

/** Electron shows no menu by itself. */
export function addContextMenu(contents: WebContents, translate: () => Translate): void {
  contents.on('context-menu', (_event, clicked) => {
    const template = contextMenuTemplate(
      translate(),
      clicked,
      (text) => void clipboard.writeText(text),
    );
    const window = BrowserWindow.fromWebContents(contents);
    if (template.length > 0 && window !== null) Menu.buildFromTemplate(template).popup({ window });
  });
}
