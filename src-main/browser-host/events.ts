import type { ServerResponse } from 'node:http';
import type { Topic } from '../../src-shared/contract.ts';

const heartbeatMs = 25_000;

/** Server-sent events: each message is a JSON array of topics to fetch again. */
export interface EventStreams {
  open(response: ServerResponse): void;
  send(topics: Topic[]): void;
  /** Ends all streams, so that the server can stop. */
  close(): void;
}

export function createEventStreams(): EventStreams {
  const streams = new Set<ServerResponse>();
  const write = (text: string): void => {
    for (const stream of streams) stream.write(text);
  };
  // Proxies and sleeping computers: a dead connection shows when it is written to.
  const heartbeat = setInterval(() => write(':\n\n'), heartbeatMs);
  heartbeat.unref();
  return {
    open(response) {
      response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      response.write('retry: 2000\n\n');
      streams.add(response);
      response.once('close', () => streams.delete(response));
    },
    send: (topics) => write(`data: ${JSON.stringify(topics)}\n\n`),
    close() {
      clearInterval(heartbeat);
      for (const stream of streams) stream.end();
    },
  };
}
