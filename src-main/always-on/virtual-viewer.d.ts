/** Made by scripts/viewer-plugin.ts, each as one script for browsers. */
declare module 'virtual:viewer' {
  /** src-viewer/main.ts. */
  const viewer: string;
  export default viewer;
  /** src-viewer/early.ts. */
  export const early: string;
}
