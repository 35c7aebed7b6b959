import type {
  Clipboard,
  Menu as ElectronMenu,
  MenuItemConstructorOptions,
  NativeImage,
  NotificationConstructorOptions,
  Notification as ElectronNotification,
  Tray as ElectronTray,
} from 'electron';
import { EventEmitter } from 'node:events';
import { existsSync } from 'node:fs';
import { note } from './record.ts';

/** What a test can see of a menu; what a click does stays on the main side. */
const visible = (items: readonly MenuItemConstructorOptions[]): unknown[] =>
  items.map(({ click: _click, submenu, ...rest }) => ({
    ...rest,
    ...(Array.isArray(submenu) ? { submenu: visible(submenu) } : {}),
  }));

export class Menu implements Pick<ElectronMenu, 'popup'> {
  /** The last one of each place, for clicks of a test. */
  static readonly shown = new Map<string, Menu>();
  readonly template: readonly MenuItemConstructorOptions[];

  constructor(template: readonly MenuItemConstructorOptions[]) {
    this.template = template;
  }

  static buildFromTemplate = (template: MenuItemConstructorOptions[]): Menu => {
    if (process.env.STAND_IN_MENU === 'fails') throw new Error('no menu can be made');
    for (const { label, role, type } of template) {
      if (label === undefined && role === undefined && type === undefined) {
        throw new Error(
          'Invalid template for MenuItem: must have at least one of label, role or type',
        );
      }
    }
    return new Menu(template);
  };

  static setApplicationMenu = (menu: Menu): void => menu.showAt('menu');

  showAt(place: 'menu' | 'trayMenu' | 'popup'): void {
    Menu.shown.set(place, this);
    note(place, visible(this.template));
  }

  popup(): void {
    this.showAt('popup');
  }

  /** As if somebody chose the entry with that label, in a menu inside it too. */
  click(label: string): boolean {
    const find = (items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
      items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? find(item.submenu) : [])]);
    const found = find(this.template).find((item) => item.label === label);
    found?.click?.({} as never, undefined, {} as never);
    return found?.click !== undefined;
  }
}

export class Tray extends EventEmitter implements Pick<ElectronTray, 'setToolTip' | 'destroy'> {
  constructor(_image: unknown) {
    super();
    note('tray', true);
  }

  setToolTip = (text: string): void => note('trayTip', text);
  setContextMenu = (menu: Menu | null): void => menu?.showAt('trayMenu');
  destroy = (): void => note('tray', false);
}

export const nativeImage = {
  createFromPath(path: string) {
    if (!existsSync(path)) throw new Error(`no image at ${path}`);
    return { setTemplateImage: (): void => undefined } as unknown as NativeImage;
  },
} satisfies Pick<typeof Electron.nativeImage, 'createFromPath'>;

export const clipboard = {
  writeText: (text: string): Promise<void> => Promise.resolve(note('copied', text)),
} satisfies Pick<Clipboard, 'writeText'>;

export class Notification extends EventEmitter implements Pick<ElectronNotification, 'show'> {
  static last: Notification | null = null;
  static isSupported = (): boolean => true;
  readonly #options: NotificationConstructorOptions;

  constructor(options: NotificationConstructorOptions) {
    super();
    this.#options = structuredClone(options);
  }

  show(): void {
    Notification.last = this;
    note('notification', this.#options);
  }
}
