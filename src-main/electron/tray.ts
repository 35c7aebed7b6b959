import { clipboard, Menu, nativeImage, Tray, type MenuItemConstructorOptions } from 'electron';
import type { Presence } from '../app.ts';
import type { Translate } from '../program/texts.ts';

/** A link that can be copied: its share's name and its address. */
export interface TrayLink {
  label: string;
  url: string;
}

export interface TrayActions {
  open(): void;
  /** Paused pages say so to clients; pages that are not online cannot. */
  setPages(to: 'online' | 'paused' | 'resumed'): void;
  quit(): void;
}

/** More do not fit on a screen; the app itself has all. */
const maxLinks = 20;

/** `Online · 3 views today`. */
export const trayState = (t: Translate, { portal, viewsToday }: Presence): string =>
  portal === 'online'
    ? t('app.tray.online', { count: viewsToday })
    : t(`app.online.${portal === 'failed' || portal === 'paused' ? portal : 'stopped'}`);

export function trayTemplate(
  t: Translate,
  presence: Presence,
  links: readonly TrayLink[],
  actions: TrayActions,
): MenuItemConstructorOptions[] {
  const copy = ({ label, url }: TrayLink, text: string): MenuItemConstructorOptions => ({
    // Menus take `&` for the sign of a key.
    label: text.replace('{label}', label.replaceAll('&', '&&')),
    click: () => void clipboard.writeText(url),
  });
  const line: MenuItemConstructorOptions = { type: 'separator' };
  const copying: MenuItemConstructorOptions[] =
    links.length === 0
      ? []
      : [
          {
            label: t('app.tray.copyLink'),
            submenu: links.slice(0, maxLinks).map((link) => copy(link, '{label}')),
          },
        ];
  const isOnline = presence.portal === 'online';
  const next = presence.portal === 'paused' ? 'resumed' : 'online';
  return [
    { label: trayState(t, presence), enabled: false },
    line,
    { label: t('app.tray.open'), click: actions.open },
    ...copying,
    {
      label: t(isOnline ? 'app.tray.pause' : 'app.tray.resume'),
      click: () => actions.setPages(isOnline ? 'paused' : next),
    },
    line,
    { label: t('app.menuBar.quit'), click: actions.quit },
  ];
}

/** The icon beside the clock, while there is one. */
export function createTrayIcon(
  icon: string,
  actions: TrayActions,
): {
  show(t: Translate, presence: Presence, links: readonly TrayLink[]): void;
  hide(): void;
} {
  let tray: Tray | null = null;
  return {
    show(t, presence, links) {
      if (tray === null) {
        const image = nativeImage.createFromPath(icon);
        // macOS draws it in the colour of its bar.
        if (process.platform === 'darwin') image.setTemplateImage(true);
        tray = new Tray(image);
        // On macOS a click opens the menu, on Linux the desktop decides.
        if (process.platform === 'win32') tray.on('click', actions.open);
      }
      tray.setToolTip(`Customer Portal – ${trayState(t, presence)}`);
      tray.setContextMenu(Menu.buildFromTemplate(trayTemplate(t, presence, links, actions)));
    },
    hide() {
      tray?.destroy();
      tray = null;
    },
  };
}
