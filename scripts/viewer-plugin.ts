import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, type Plugin, type Rollup } from 'vite';

const name = 'virtual:viewer';
const source = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

/**
 * `import viewer, { chartsClient } from 'virtual:viewer'`: the viewer of pages that are always on,
 * and what takes over their charts, each as one small script for browsers. The program uploads
 * them, so they are part of the program.
 */
export function viewerPlugin(): Plugin {
  let built: Promise<string> | null = null;
  return {
    name: 'viewer',
    resolveId: (id) => (id === name ? `\0${name}` : null),
    async load(id) {
      if (id !== `\0${name}`) return null;
      built ??= buildScripts();
      return built;
    },
  };
}

async function buildScripts(): Promise<string> {
  const viewer = await buildScript(source('src-viewer/main.ts'));
  const charts = await buildScript(source('src-server/charts/charts-client.js'));
  return `export default ${JSON.stringify(viewer)};
export const chartsClient = ${JSON.stringify(charts)};`;
}

async function buildScript(entry: string): Promise<string> {
  const result = (await build({
    configFile: false,
    logLevel: 'error',
    // Components are compiled to what renders HTML text, as on the server.
    plugins: [svelte({ compilerOptions: { css: 'external' } })],
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
