import { hostname } from 'node:os';
import { Bonjour } from 'bonjour-service';

export interface MdnsName {
  /** `portal-desk.local`. */
  host: string;
  stop(): Promise<void>;
}

/** The name of the portal in this network: the computer's own name may belong to something else. */
export const mdnsHost = (computer = hostname()): string =>
  `portal-${computer
    .split('.')[0]!
    .toLowerCase()
    .replaceAll(/[^a-z\d-]+/g, '-')
    .slice(0, 40)}.local`;

/** How long the network may take to be told that the name is gone. */
const goodbyeMs = 1_000;

/** Tells the network by which name it finds this computer. `onError`: it could not be told. */
export function publishName(port: number, onError: (error: unknown) => void): MdnsName {
  const host = mdnsHost();
  const bonjour = new Bonjour({}, onError);
  const service = bonjour.publish({ name: host, type: 'http', port, host, probe: false });
  service.on('error', onError);
  return {
    host,
    stop: () =>
      new Promise((resolve) => {
        // A network that is gone must not keep the program from ending.
        const timer = setTimeout(() => bonjour.destroy(() => resolve()), goodbyeMs);
        bonjour.unpublishAll(() => {
          clearTimeout(timer);
          bonjour.destroy(() => resolve());
        });
      }),
  };
}
