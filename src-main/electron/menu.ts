import type { MenuItemConstructorOptions } from 'electron';
import type { Translate } from '../program/texts.ts';

export interface MenuActions {
  showDataFolder(): void;
  showSettings(): void;
}

/** Electron's own roles with our words: keys and behaviour are the platform's. */
export function menuTemplate(
  t: Translate,
  platform: NodeJS.Platform,
  { showDataFolder, showSettings }: MenuActions,
): MenuItemConstructorOptions[] {
  const item = (
    role: NonNullable<MenuItemConstructorOptions['role']>,
    key: string = role,
  ): MenuItemConstructorOptions => ({ role, label: t(`app.menuBar.${key}`) });
  const line: MenuItemConstructorOptions = { type: 'separator' };
  const folder: MenuItemConstructorOptions = {
    label: t('app.menuBar.dataFolder'),
    click: showDataFolder,
  };
  const settings: MenuItemConstructorOptions = {
    label: t('app.menuBar.settings'),
    accelerator: 'CommandOrControl+,',
    click: showSettings,
  };
  /** The key that most keyboards have without Shift, where the menu shows the plus. */
  const zoomInToo: MenuItemConstructorOptions = {
    ...item('zoomIn'),
    accelerator: 'CommandOrControl+=',
    visible: false,
    acceleratorWorksWhenHidden: true,
  };
  const mac = platform === 'darwin';
  const program: MenuItemConstructorOptions = {
    label: 'Customer Portal',
    submenu: [
      item('about'),
      line,
      settings,
      line,
      item('services'),
      line,
      item('hide'),
      item('hideOthers'),
      item('unhide'),
      line,
      item('quit'),
    ],
  };
  return [
    ...(mac ? [program] : []),
    {
      label: t('app.menuBar.file'),
      submenu: mac
        ? [folder, line, item('close')]
        : [settings, folder, line, item('close'), item('quit')],
    },
    {
      label: t('app.menuBar.edit'),
      submenu: [
        item('undo'),
        item('redo'),
        line,
        item('cut'),
        item('copy'),
        item('paste'),
        item('selectAll'),
      ],
    },
    {
      label: t('app.menuBar.view'),
      submenu: [
        item('reload'),
        line,
        item('resetZoom'),
        item('zoomIn'),
        zoomInToo,
        item('zoomOut'),
        line,
        item('togglefullscreen', 'fullScreen'),
      ],
    },
    {
      // The role makes macOS list the windows in it.
      ...(mac ? { role: 'window' as const } : {}),
      label: t('app.menuBar.window'),
      submenu: mac ? [item('minimize'), item('zoom'), line, item('front')] : [item('minimize')],
    },
    {
      ...(mac ? { role: 'help' as const } : {}),
      label: t('app.menuBar.help'),
      submenu: mac ? [] : [item('about')],
    },
  ];
}
