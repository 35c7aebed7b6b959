import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, type Plugin, type Rollup } from 'vite';

const names = ['virtual:viewer', 'virtual:page-script'];
const source = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/**
 * Scripts for the client's browser, each as one small text that is part of the program.
 * `import viewer, { early } from 'virtual:viewer'`: the viewer of pages that are always on, and what
 * begins before it. `import pageScript from 'virtual:page-script'`: what takes over charts and is
 * added to the details of every page.
 */
export function viewerPlugin(): Plugin {
  const built = new Map<string, Promise<string>>();
  return {
    name: 'viewer',
    resolveId: (id) => (names.includes(id) ? `\0${id}` : null),
    async load(id) {
      if (!names.includes(id.slice(1))) return null;
      const known = built.get(id) ?? (id.endsWith('viewer') ? buildViewer() : buildPageScript());
      built.set(id, known);
      return known;
    },
  };
}

async function buildPageScript(): Promise<string> {
  const script = await buildScript(source('src-server/assets/page-script.ts'));
  return `export default ${JSON.stringify(script)};`;
}

async function buildViewer(): Promise<string> {
  const viewer = await buildScript(source('src-viewer/main.ts'));
  const early = await buildScript(source('src-viewer/early.ts'));
  return `export default ${JSON.stringify(viewer)};
export const early = ${JSON.stringify(early)};`;
}

/**
 * A first visit loads all of the viewer, so what it never uses stays out: it gets its messages in
 * parts, and the table of its language with them; its pages are never hydrated. `esm-env` asks the
 * process whether it is one of development, which a bench or a test is.
 */
const inPlace: Record<string, string> = {
  devalue: "export const uneval = () => { throw new Error('left out'); };",
  'esm-env': 'export const BROWSER = false, DEV = false, NODE = false;',
};

const leftOut: Plugin = {
  name: 'left-out',
  enforce: 'pre',
  resolveId: (id) => {
    if (id === '@formatjs/icu-messageformat-parser') {
      return source('node_modules/@formatjs/icu-messageformat-parser/no-parser.js');
    }
    return Object.hasOwn(inPlace, id) ? `\0${id}` : null;
  },
  load: (id) => {
    if (id.endsWith('/own-locales.json')) return '{}';
    return id.startsWith('\0') ? (inPlace[id.slice(1)] ?? null) : null;
  },
};

async function buildScript(entry: string): Promise<string> {
  const result = (await build({
    configFile: false,
    logLevel: 'error',
    // Components are compiled to what renders HTML text, as on the server.
    plugins: [leftOut, svelte({ compilerOptions: { css: 'external', dev: false } })],
    ssr: { noExternal: true, target: 'webworker' },
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      ssr: entry,
      write: false,
      minify: true,
      target: 'es2022',
      rollupOptions: { output: { format: 'iife', codeSplitting: false } },
    },
  })) as Rollup.RollupOutput;
  const chunk = result.output.find((output) => output.type === 'chunk');
  if (!chunk) throw new Error(`${entry} was not built`);
  return chunk.code.trim();
}
