import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/**
 * Every file that this process makes from now on is for its owner only. Each host calls it before
 * anything else. Threads of the process have it too; Windows ignores it.
 */
export function keepFilesPrivate(): void {
  process.umask(0o077);
}

/**
 * The platform's folder for the user's data; both hosts and the command line share it.
 * `sample`: a folder of its own beside it, so that made-up data never mixes with the user's.
 */
export function defaultDataDir(
  variant: 'own' | 'sample' = 'own',
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
  home: string = homedir(),
): string {
  const suffix = variant === 'sample' ? ' Sample' : '';
  if (platform === 'win32') {
    const base = env.APPDATA ?? win32.join(home, 'AppData', 'Roaming');
    return win32.join(base, `Customer Portal${suffix}`);
  }
  if (platform === 'darwin') {
    return posix.join(home, 'Library', 'Application Support', `Customer Portal${suffix}`);
  }
  // The XDG specification says to ignore a path that is not absolute.
  const xdg = env.XDG_DATA_HOME;
  const base = xdg?.startsWith('/') === true ? xdg : posix.join(home, '.local', 'share');
  return posix.join(base, `customer-portal${suffix.toLowerCase().replace(' ', '-')}`);
}
