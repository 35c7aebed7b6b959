/** page-script.ts as one script for browsers, made by scripts/viewer-plugin.ts. */
declare module 'virtual:page-script' {
  const pageScript: string;
  export default pageScript;
}
