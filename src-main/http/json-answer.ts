import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Answers with a value as JSON, which nobody may store; undefined: with the status alone. */
export function answerJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: OutgoingHttpHeaders = {},
): void {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    ...headers,
  });
  response.end(value === undefined ? '' : JSON.stringify(value));
}
