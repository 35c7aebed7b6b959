/**
 * Which files of Cloudflare's program may be fetched, and how each is recognised. Sizes and digests
 * are those that GitHub publishes for the files of this release (`size` and `digest` of its assets at
 * https://api.github.com/repos/cloudflare/cloudflared/releases/tags/2026.10.0). The release's own
 * notes name another digest for macOS: the one of the program in the archive.
 */
export const cloudflaredVersion = '2026.10.0';

export interface ReleaseFile {
  name: string;
  bytes: number;
  /** SHA-256 in hex, of the file as it is published. */
  sha256: string;
}

const windows: ReleaseFile = {
  name: 'cloudflared-windows-amd64.exe',
  bytes: 55_365_048,
  sha256: '86aee4017b26625cee8484c113558f48effa4cd47f7aa05fcf425604e5d2b23c',
};

/** By `process.platform` and `process.arch`. */
const files: Readonly<Record<string, ReleaseFile>> = {
  'linux x64': {
    name: 'cloudflared-linux-amd64',
    bytes: 40_129_756,
    sha256: 'd33ff2d14475178d2012c2c56beba87389ac5ded27649519f198a7d3134a99db',
  },
  'linux arm64': {
    name: 'cloudflared-linux-arm64',
    bytes: 37_687_584,
    sha256: 'e6422b9d4f72d3194bc5a38676f13667c06666523217b842a877d72a80b5ac08',
  },
  'darwin x64': {
    name: 'cloudflared-darwin-amd64.tgz',
    bytes: 21_741_581,
    sha256: '903845b81828c8cb3c5d13d816a2de71c06a3da5785469df8eb0e1b736d92f9f',
  },
  'darwin arm64': {
    name: 'cloudflared-darwin-arm64.tgz',
    bytes: 19_809_074,
    sha256: 'a2f79ff7b9420aa537d74af239f376da170bbabeb529aec416002adac6a72e70',
  },
  'win32 x64': windows,
  // Windows runs it there too.
  'win32 arm64': windows,
};

/** What can be fetched, and from where. */
export interface Release extends ReleaseFile {
  version: string;
  url: string;
  /** Whether a redirect may lead there. */
  mayComeFrom(url: URL): boolean;
}

/** Null: nothing is known to be right for this system. */
export function cloudflaredRelease(
  platform: string = process.platform,
  arch: string = process.arch,
): Release | null {
  const file = files[`${platform} ${arch}`];
  if (file === undefined) return null;
  const folder = 'https://github.com/cloudflare/cloudflared/releases/download';
  return {
    ...file,
    version: cloudflaredVersion,
    url: `${folder}/${cloudflaredVersion}/${file.name}`,
    mayComeFrom: isGitHub,
  };
}

/** GitHub leads from its address of a release to servers of this domain. */
const isGitHub = ({ protocol, host }: URL): boolean =>
  protocol === 'https:' && (host === 'github.com' || host.endsWith('.githubusercontent.com'));
