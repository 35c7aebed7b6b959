import { AppError } from '../../src-shared/errors.ts';
import { connectProgram } from './program.ts';
import type { Connect } from './tunnel.ts';

/**
 * Cloudflare's program. Without a token it is a quick tunnel: an address at random that ends with
 * it. With one it is a tunnel that the owner has named, at `publicUrl`. What it writes is in
 * https://github.com/cloudflare/cloudflared (cmd/cloudflared/tunnel/quick_tunnel.go, connection/).
 * `find`: where the program is, if not only among those of this computer.
 */
export function connectCloudflared(
  port: number,
  token: string,
  publicUrl: string,
  find?: () => string | null,
): Connect {
  const isNamed = publicUrl !== '';
  if (isNamed && token === '') return () => Promise.reject(new AppError('tunnel_incomplete'));
  const target = isNamed ? ['run'] : ['--url', `http://127.0.0.1:${port}`];
  return connectProgram({
    name: 'cloudflared',
    ...(find ? { find } : {}),
    args: ['tunnel', '--no-autoupdate', ...target],
    ...(isNamed ? { secretEnv: { TUNNEL_TOKEN: token } } : {}),
    publicUrl,
    read(line) {
      const quick = /https:\/\/[a-z\d-]+\.trycloudflare\.com/.exec(line)?.[0];
      if (quick !== undefined && quick !== 'https://api.trycloudflare.com') return { url: quick };
      if (line.includes('Registered tunnel connection')) return { isUp: true };
      if (/tunnel token is not valid|unauthorized: (?:invalid|failed)/i.test(line)) {
        return { error: new AppError('tunnel_token') };
      }
      if (
        /failed to request quick Tunnel|lookup .* no such host|network is unreachable/.test(line)
      ) {
        return { error: new AppError('tunnel_unreachable', { host: 'Cloudflare' }) };
      }
      return null;
    },
  });
}
