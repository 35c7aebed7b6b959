import type { MenuItemConstructorOptions } from 'electron';
import type { Translate } from '../program/texts.ts';

/** Electron's own roles with our words: keys and behaviour are the platform's. */
export function menuTemplate(
  t: Translate,
  platform: NodeJS.Platform,
  showDataFolder: () => void,
): MenuItemConstructorOptions[] {
  const item = (
    role: NonNullable<MenuItemConstructorOptions['role']>,
    key: string,
  ): MenuItemConstructorOptions => ({ role, label: t(`app.menuBar.${key}`) });
  const line: MenuItemConstructorOptions = { type: 'separator' };
  const folder: MenuItemConstructorOptions = {
    label: t('app.menuBar.dataFolder'),
    click: showDataFolder,
  };
  const mac = platform === 'darwin';
  const program: MenuItemConstructorOptions = {
    label: 'Customer Portal',
    submenu: [
      item('about', 'about'),
      line,
      item('services', 'services'),
      line,
      item('hide', 'hide'),
      item('hideOthers', 'hideOthers'),
      item('unhide', 'unhide'),
      line,
      item('quit', 'quit'),
    ],
  };
  return [
    ...(mac ? [program] : []),
    {
      label: t('app.menuBar.file'),
      submenu: [folder, line, item('close', 'close'), ...(mac ? [] : [item('quit', 'quit')])],
    },
    {
      label: t('app.menuBar.edit'),
      submenu: [
        item('undo', 'undo'),
        item('redo', 'redo'),
        line,
        item('cut', 'cut'),
        item('copy', 'copy'),
        item('paste', 'paste'),
        item('selectAll', 'selectAll'),
      ],
    },
    {
      label: t('app.menuBar.view'),
      submenu: [
        item('reload', 'reload'),
        line,
        item('resetZoom', 'resetZoom'),
        item('zoomIn', 'zoomIn'),
        item('zoomOut', 'zoomOut'),
        line,
        item('togglefullscreen', 'fullScreen'),
      ],
    },
    { label: t('app.menuBar.window'), submenu: [item('minimize', 'minimize')] },
    ...(mac ? [] : [{ label: t('app.menuBar.help'), submenu: [item('about', 'about')] }]),
  ];
}
