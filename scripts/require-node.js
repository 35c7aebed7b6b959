// npm puts node_modules/.bin first on the PATH, so scripts run on the pinned Node 24 (docs/adr/010).
// better-sqlite3 13 crashes on Node 20 without a word: say what is missing instead.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    `Customer Portal needs Node 24, this is ${process.version}: run "npm ci" once, it installs the right one.`,
  );
  process.exit(1);
}
