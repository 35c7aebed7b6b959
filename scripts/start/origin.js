import { spawnSync } from 'node:child_process';

const runGit = (root, args) =>
  spawnSync('git', args, { cwd: root, encoding: 'utf8', windowsHide: true }).stdout || '';

/**
 * Where this copy of the sources was cloned from, as a page for browsers; null: nowhere, or from a
 * place that has none. Packages name it, since people have a right to the source.
 */
export function homepageOf(root, git = runGit) {
  return pageOf(git(root, ['remote', 'get-url', 'origin']).trim());
}

/** `Name <e-mail>` of whoever makes a package here, as a deb names its maintainer; null: git does not know. */
export function maintainerOf(root, git = runGit) {
  const [name, email] = ['user.name', 'user.email'].map((key) => git(root, ['config', key]).trim());
  return name && email ? `${name} <${email}>` : null;
}

/** The page of a remote, without a name or token in it: `git@forge.example:me/it.git` is https://forge.example/me/it. */
export function pageOf(remote) {
  const url = /^(?:https?|ssh|git):\/\//.test(remote)
    ? remote
    : // The short form of SSH; a path of this computer has a slash before the colon, or no colon.
      remote.replace(/^(?:[^@/:]+@)?([^/:\\]+\.[^/:\\]+):(?!\/\/)/, 'ssh://$1/');
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^(?:https?|ssh|git):$/.test(parsed.protocol)) return null;
  return `https://${parsed.hostname}${parsed.pathname.replace(/(?:\.git)?\/?$/, '')}`;
}
