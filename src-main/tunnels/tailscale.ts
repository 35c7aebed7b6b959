import { AppError } from '../../src-shared/errors.ts';
import { connectProgram } from './program.ts';
import type { Connect } from './tunnel.ts';

/**
 * Tailscale's program in the foreground: `serve` for the owner's own tailnet, `funnel` for
 * everybody. It writes the address, which stays the same, once it is up.
 */
export const connectTailscale = (port: number, mode: 'serve' | 'funnel'): Connect =>
  connectProgram({
    name: 'tailscale',
    args: [mode, String(port)],
    publicUrl: '',
    read(line) {
      if (/(?:Serve|Funnel) is not enabled|not available|access denied/i.test(line)) {
        return { error: new AppError('tunnel_not_allowed', { program: 'Tailscale' }) };
      }
      if (/NeedsLogin|Logged out|not logged in|tailscale up/i.test(line)) {
        return { error: new AppError('tunnel_not_signed_in', { program: 'Tailscale' }) };
      }
      if (/failed to connect to local tailscale/i.test(line)) {
        return { error: new AppError('tunnel_program_ended', { program: 'Tailscale' }) };
      }
      const url = /^https:\/\/[\w.-]+\.ts\.net(?::\d+)?(?=\/?\s*$)/.exec(line.trim())?.[0];
      return url === undefined ? null : { url, isUp: true };
    },
  });
