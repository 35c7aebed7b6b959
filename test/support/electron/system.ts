import type {
  Dialog,
  Display,
  MessageBoxOptions,
  MessageBoxReturnValue,
  NativeTheme,
  Net,
  OpenDialogReturnValue,
  PowerSaveBlocker,
  SafeStorage,
  Screen,
  Shell,
} from 'electron';
import { app } from './app.ts';
import { note } from './record.ts';

export const screen = {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } } as Display],
} satisfies Pick<Screen, 'getAllDisplays'>;

export const shell = {
  openExternal: (url: string): Promise<void> => Promise.resolve(note('openExternal', url)),
  openPath: (path: string): Promise<string> => {
    note('openPath', path);
    return Promise.resolve('');
  },
} satisfies Pick<Shell, 'openExternal' | 'openPath'>;

/** Boxes wait for the test's answer: the number of a button, or the path of a folder. */
const waiting: ((answer: unknown) => void)[] = [];
const given: unknown[] = [];

export function answerBox(answer: unknown): void {
  const next = waiting.shift();
  if (next === undefined) given.push(answer);
  else next(answer);
}

const nextAnswer = (): Promise<unknown> =>
  given.length > 0 ? Promise.resolve(given.shift()) : new Promise((answer) => waiting.push(answer));

export const dialog = {
  showErrorBox: (title: string, content: string): void => note('errorBox', { title, content }),
  async showMessageBox(_window: unknown, options?: MessageBoxOptions) {
    note('messageBox', options);
    return { response: (await nextAnswer()) as number } as MessageBoxReturnValue;
  },
  showMessageBoxSync(_window: unknown, options?: MessageBoxOptions): number {
    note('messageBox', options);
    return (given.shift() as number | undefined) ?? 0;
  },
  async showOpenDialog(_window: unknown, options?: unknown) {
    note('openDialog', options);
    const path = (await nextAnswer()) as string | null;
    return {
      canceled: path === null,
      filePaths: path === null ? [] : [path],
    } as OpenDialogReturnValue;
  },
} satisfies Pick<
  Dialog,
  'showErrorBox' | 'showMessageBox' | 'showMessageBoxSync' | 'showOpenDialog'
>;

export const powerSaveBlocker = {
  start(type: 'prevent-app-suspension' | 'prevent-display-sleep'): number {
    note('awake', type);
    return 1;
  },
  stop: (): boolean => {
    note('awake', null);
    return true;
  },
} satisfies Pick<PowerSaveBlocker, 'start' | 'stop'>;

let themeSource: NativeTheme['themeSource'] = 'system';
export const nativeTheme = {
  get themeSource() {
    return themeSource;
  },
  set themeSource(source) {
    themeSource = source;
    note('theme', source);
  },
  get shouldUseDarkColors() {
    return themeSource === 'dark';
  },
} satisfies Pick<NativeTheme, 'themeSource' | 'shouldUseDarkColors'>;

/** Nothing leaves the computer in tests. */
export const net = {
  fetch(input: string | Request): Promise<Response> {
    note('netFetch', String(input));
    return Promise.resolve(new Response('{"tag_name":"v99.0.0"}'));
  },
} satisfies Pick<Net, 'fetch'>;

const sealMark = Buffer.from('sealed:');
const keyRing = process.env.STAND_IN_KEY_RING;
const refuses = keyRing === 'refuses';
const scramble = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ 0x5a);

/** Asynchronous calls only: the others are deprecated, and hold up the whole program. */
export const safeStorage = {
  isAsyncEncryptionAvailable: (): Promise<boolean> => Promise.resolve(app.isReady()),
  getSelectedStorageBackend: () => (keyRing === 'basic_text' ? keyRing : 'gnome_libsecret'),
  async encryptStringAsync(plain: string): Promise<Buffer> {
    if (refuses) throw new Error('the key ring is locked');
    return Buffer.concat([sealMark, scramble(Buffer.from(plain))]);
  },
  async decryptStringAsync(sealed: Buffer) {
    if (refuses) throw new Error('the key ring is locked');
    if (!sealed.subarray(0, sealMark.length).equals(sealMark)) throw new Error('not sealed here');
    const result = Buffer.from(scramble(sealed.subarray(sealMark.length))).toString();
    return { shouldReEncrypt: false, result };
  },
} satisfies Pick<
  SafeStorage,
  | 'isAsyncEncryptionAvailable'
  | 'getSelectedStorageBackend'
  | 'encryptStringAsync'
  | 'decryptStringAsync'
>;
