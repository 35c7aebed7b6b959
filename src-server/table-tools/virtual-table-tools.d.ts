/** table-tools.ts as one script for browsers, made by scripts/viewer-plugin.ts. */
declare module 'virtual:table-tools' {
  const tableTools: string;
  export default tableTools;
}
