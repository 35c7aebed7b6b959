import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** The sources that the start script reads before it builds. */
export const argumentSources = ['arguments.ts', 'data-dir.ts'].map(
  (name) => `src-main/program/${name}`,
);

/**
 * Copies the built program almost without its sources, so that nothing is outdated, but with links
 * to all packages except Electron. `installer`: there is only this script where Electron's
 * installer would be.
 */
export function copyBuilt(copy: string, installer?: string): string {
  // `out` last, so that it is newer than the few sources.
  const parts = ['scripts', 'locales', 'resources', 'package.json'];
  for (const part of [...parts, ...argumentSources, 'out']) {
    cpSync(join(root, part), join(copy, part), { recursive: true });
  }
  const modules = join(copy, 'node_modules');
  mkdirSync(modules);
  for (const module of readdirSync(join(root, 'node_modules'))) {
    if (module !== 'electron')
      symlinkSync(join(root, 'node_modules', module), join(modules, module));
  }
  if (installer !== undefined) {
    mkdirSync(join(modules, 'electron'));
    writeFileSync(join(modules, 'electron/install.js'), installer);
  }
  return copy;
}
