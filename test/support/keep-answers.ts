/**
 * Set-up of every test file: keeps what portals of this process answer, headers and all.
 * It stands at Node's own response, so no test can forget it and no portal knows of it.
 */
import { ServerResponse } from 'node:http';
import { keepOutput } from './kept-output.ts';

const { end, write } = ServerResponse.prototype;
const parts = new WeakMap<ServerResponse, Buffer[]>();

const isPortal = (response: ServerResponse): boolean =>
  response.req.url?.includes('/auth/customer-portal/') === true;

function keepPart(response: ServerResponse, chunk: unknown): void {
  if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return;
  const kept = parts.get(response) ?? [];
  kept.push(Buffer.from(chunk as Uint8Array));
  parts.set(response, kept);
}

ServerResponse.prototype.write = function (this: ServerResponse, ...args: unknown[]): boolean {
  if (isPortal(this)) keepPart(this, args[0]);
  return Reflect.apply(write, this, args) as boolean;
} as typeof write;

ServerResponse.prototype.end = function (this: ServerResponse, ...args: unknown[]) {
  if (isPortal(this)) {
    keepPart(this, args[0]);
    const headers = JSON.stringify(this.getHeaders());
    keepOutput('answers', `${headers}\n${Buffer.concat(parts.get(this) ?? []).toString()}`);
  }
  return Reflect.apply(end, this, args) as ServerResponse;
} as typeof end;
