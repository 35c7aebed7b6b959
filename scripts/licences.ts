/** The licences of all packages inside the program. The build writes them to out/. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Built into the owner's page, so that they are no dependencies of the packed program. */
export const builtIn = ['@lucide/svelte', 'frappe-charts', 'svelte-i18n'];

interface Package {
  name: string;
  version: string;
  licence: string;
  homepage: string;
  text: string;
}

interface Manifest {
  name: string;
  version: string;
  license?: string | { type: string };
  homepage?: string;
  author?: string | { name: string };
  dependencies?: Record<string, string>;
}

/** Every package that the program has inside: its dependencies, theirs, and what is built in. */
export function listPackages(root: string): Package[] {
  const { dependencies = {} } = read(root);
  const found = new Map<string, Package>();
  const walk = (name: string, from: string): void => {
    const folder = findPackage(name, from, root);
    // An optional one that this system does not need.
    if (folder === null || found.has(folder)) return;
    const manifest = read(folder);
    found.set(folder, describe(folder, manifest));
    for (const next of Object.keys(manifest.dependencies ?? {})) walk(next, folder);
  };
  for (const name of [...Object.keys(dependencies), ...builtIn]) walk(name, root);
  const one = new Map([...found.values()].map((item) => [`${item.name} ${item.version}`, item]));
  return [...one.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

export function licencesText(root: string): string {
  const parts = listPackages(root).map(({ name, version, licence, homepage, text }) =>
    [`${name} ${version} (${licence})`, homepage, '', text].join('\n'),
  );
  const line = `\n\n${'-'.repeat(78)}\n\n`;
  const head =
    'Customer Portal has these packages inside. Electron and Chromium bring their own files of licences.';
  return `${[head, ...parts].join(line)}\n`;
}

const read = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** As Node looks for it: beside the one that wants it, then further up. */
function findPackage(name: string, from: string, root: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', name);
    if (existsSync(join(candidate, 'package.json'))) return candidate;
    if (folder === root || folder === dirname(folder)) return null;
  }
}

function describe(folder: string, manifest: Manifest): Package {
  const { license, author } = manifest;
  const licence = (typeof license === 'string' ? license : license?.type) ?? 'see below';
  const files = readdirSync(folder).filter((name) => /^(licen[cs]e|copying)/i.test(name));
  const by =
    typeof author === 'string' ? author : (author?.name ?? `the authors of ${manifest.name}`);
  const texts = files.map((name) => readFileSync(join(folder, name), 'utf8').trim());
  return {
    name: manifest.name,
    version: manifest.version,
    licence,
    homepage: manifest.homepage ?? `https://www.npmjs.com/package/${manifest.name}`,
    text: texts.length > 0 ? texts.join('\n\n') : `Licensed under ${licence} by ${by}.`,
  };
}
