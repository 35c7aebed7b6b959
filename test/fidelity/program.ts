import { createAlwaysOnApp, type AlwaysOnApp } from '../support/always-on.ts';

/** The real program in a fresh data folder, and its portal on a port of the loopback. */
export interface Program extends AlwaysOnApp {
  /** Starts the portal on a free port; its address without a trailing slash. */
  publish(): Promise<string>;
}

/** `today`: the clock stands at noon of this day `YYYY-MM-DD`, in the zone of the process. */
export async function startProgram(today: string): Promise<Program> {
  const noon = new Date(`${today}T12:00:00`);
  if (Number.isNaN(noon.getTime())) throw new Error(`not a day of the form YYYY-MM-DD: ${today}`);
  const program = await createAlwaysOnApp({ clock: { now: () => noon } });
  return {
    ...program,
    async publish() {
      await program.call('publish.set', { enabled: true, reach: 'loopback', port: 0 });
      const { state, urls, error } = await program.call('publish.status');
      if (state !== 'online' || !urls[0]) throw new Error(`the portal is ${state}: ${error?.code}`);
      return urls[0];
    },
  };
}
