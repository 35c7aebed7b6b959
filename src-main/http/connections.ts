import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** How much of the program others may take. */
export interface ConnectionLimits {
  /** Connections at once, of all peers and of one. A browser opens six. */
  all: number;
  perPeer: number;
  /** Requests sent without waiting for the answers; browsers and proxies wait. */
  unanswered: number;
  /** How long a peer gets no new connection after one of its own had to be ended for that, in ms. */
  refusedMs: number;
  /**
   * How long an answer may lie there of which nothing is read (0: any time), and one that is read
   * slowly, in ms. How long the program takes to make it, as for a password, does not count.
   */
  stalledMs: number;
  answerMs: number;
}

export const strangerLimits: ConnectionLimits = {
  all: 500,
  perPeer: 100,
  unanswered: 2,
  refusedMs: 10_000,
  stalledMs: 15_000,
  answerMs: 60_000,
};

/** For programs of this computer, which have calls and event streams that take as long as they do. */
export const ownLimits: ConnectionLimits = {
  all: 500,
  perPeer: 500,
  unanswered: 8,
  refusedMs: 0,
  stalledMs: 0,
  answerMs: Infinity,
};

/** An answer that takes longer than this may have to go when there is no room. */
const slowAnswerMs = 2_000;
const checkEveryMs = 1_000;
/** Peers that are remembered as refused; whoever has more addresses than this can have the rest. */
const maxRefused = 1_000;

interface Connection {
  socket: Socket;
  /** Null: many clients behind a proxy of the owner's. */
  peer: string | null;
  /** Since when there is nothing to answer. */
  idleSince: number;
  /** Requests that are not answered yet, the oldest first. */
  answering: Answer[];
}

interface Answer {
  response: ServerResponse;
  /** Since when it is being sent; null: it is not made yet. */
  sentSince: number | null;
}

export interface Connections {
  /** Call for each request. False: the connection was ended, since it does not wait for answers. */
  answers(socket: Socket, response: ServerResponse): boolean;
  /** Whether a part of an answer has been sent and the rest has not. */
  isAnswering(socket: Socket): boolean;
  /** The server takes no more of them: ends each that waits for no answer, the others after theirs. */
  endWhenAnswered(): void;
  stop(): void;
}

/**
 * Keeps one peer, and all of them, from taking every connection. Where there is no room for a new
 * one, the one goes that has been silent for longest; a request that is half sent is silence.
 * `peerOf` names a connection's peer, null for one that is not capped. Times are monotonic.
 */
export function limitConnections(
  server: Server,
  limits: ConnectionLimits,
  peerOf: (socket: Socket) => string | null,
): Connections {
  const open = new Map<Socket, Connection>();
  /** Until when peers get no new connection; the oldest entry first. */
  const refused = new Map<string, number>();
  let isEnding = false;
  const now = (): number => performance.now();
  /** How long its client has been reading the answer that is being sent. */
  const readingMs = ({ answering: [oldest] }: Connection): number =>
    oldest === undefined || oldest.sentSince === null ? 0 : now() - oldest.sentSince;

  // Node tells of a connection on which nothing moves: a silent client, an answer of which nothing
  // is read, or one that is not made yet, which is not the client's fault.
  server.setTimeout(limits.stalledMs, (socket) => {
    const answer = open.get(socket)?.answering[0];
    if (answer === undefined || answer.response.headersSent) socket.destroy();
    else socket.setTimeout(limits.stalledMs);
  });

  function makeRoom(among: Connection[], max: number): void {
    if (among.length < max) return;
    const idle = among.filter(({ answering }) => answering.length === 0);
    const slow = among.filter((connection) => readingMs(connection) > slowAnswerMs);
    const oldest =
      idle.toSorted((a, b) => a.idleSince - b.idleSince)[0] ??
      slow.toSorted((a, b) => readingMs(b) - readingMs(a))[0];
    if (oldest !== undefined) end(oldest.socket);
  }

  function end(socket: Socket): void {
    open.delete(socket);
    socket.destroy();
  }

  /** What a connection sends at once is parsed as a whole, so that ending it is not enough. */
  function refuse(peer: string | null): void {
    if (peer === null) return;
    refused.delete(peer);
    refused.set(peer, now() + limits.refusedMs);
    const [oldest] = refused.keys();
    if (refused.size > maxRefused && oldest !== undefined) refused.delete(oldest);
  }

  const isRefused = (peer: string | null): boolean =>
    peer !== null && (refused.get(peer) ?? 0) > now();

  server.on('connection', (socket: Socket) => {
    const peer = peerOf(socket);
    if (isRefused(peer)) {
      socket.destroy();
      return;
    }
    const isOfPeer = (other: Connection): boolean => other.peer === peer;
    const ofPeer = (): Connection[] => [...open.values()].filter(isOfPeer);
    if (peer !== null) makeRoom(ofPeer(), limits.perPeer);
    makeRoom([...open.values()], limits.all);
    const isFull = open.size >= limits.all || (peer !== null && ofPeer().length >= limits.perPeer);
    if (isFull) {
      socket.destroy();
      return;
    }
    open.set(socket, { socket, peer, idleSince: now(), answering: [] });
    socket.once('close', () => open.delete(socket));
  });

  // Node's own timeout ends answers of which nothing is read; this one those that are read bit by bit.
  const timer = setInterval(() => {
    for (const connection of open.values()) {
      const [oldest] = connection.answering;
      if (oldest?.response.headersSent === true) oldest.sentSince ??= now();
      if (readingMs(connection) > limits.answerMs) end(connection.socket);
    }
  }, checkEveryMs);
  timer.unref();

  return {
    answers(socket, response) {
      const connection = open.get(socket);
      if (connection === undefined) return false;
      connection.answering.push({ response, sentSince: null });
      if (connection.answering.length > limits.unanswered) {
        refuse(connection.peer);
        end(socket);
        return false;
      }
      response.once('close', () => {
        connection.answering.shift();
        connection.idleSince = now();
        if (isEnding && connection.answering.length === 0) socket.destroySoon();
      });
      return true;
    },
    endWhenAnswered() {
      isEnding = true;
      for (const { socket, answering } of open.values()) if (answering.length === 0) end(socket);
    },
    isAnswering: (socket) => open.get(socket)?.answering[0]?.response.headersSent === true,
    stop: () => clearInterval(timer),
  };
}
