import { createSocket } from 'node:dgram';

/**
 * The address of this computer from which packets to the internet would leave; null without a
 * network. A UDP socket only asks the system for its route: nothing is sent.
 */
export function defaultRouteAddress(): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = (address: string | null): void => {
      socket.close();
      resolve(address);
    };
    socket.once('error', () => end(null));
    // 192.0.2.0/24 is for documentation.
    // Without a network some systems tell the callback.
    const connected = (error?: Error): void => end(error ? null : socket.address().address);
    socket.connect(9, '192.0.2.1', connected);
  });
}
