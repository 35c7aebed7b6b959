/** Made by scripts/viewer-plugin.ts, each as one script for browsers. */
declare module 'virtual:viewer' {
  /** src-viewer. */
  const viewer: string;
  export default viewer;
  /** src-server/charts/charts-client.js. */
  export const chartsClient: string;
}
