import { renderQr } from './qr.ts';
import type { alwaysOnMethods } from '../../../src-shared/contract/always-on.ts';
import { AppError } from '../../../src-shared/errors.ts';
import type { AlwaysOn } from '../../always-on/always-on.ts';
import type { Snapshots } from '../../always-on/snapshot.ts';
import type { ChangesOf, QueriesOf } from '../handlers.ts';

export function createAlwaysOnQueries(
  alwaysOn: Pick<AlwaysOn, 'status' | 'share' | 'states'>,
): QueriesOf<typeof alwaysOnMethods> {
  return {
    'alwaysOn.status': () => alwaysOn.status(),
    'alwaysOn.share': ({ id }) => alwaysOn.share(id),
    'alwaysOn.states': () => alwaysOn.states(),
    'alwaysOn.qr': ({ id }) => {
      const { url } = alwaysOn.share(id);
      if (url === '') throw new AppError('not_found');
      return { svg: renderQr(url) };
    },
  };
}

/** Nothing here waits for an upload: the status tells how it goes. */
export function createAlwaysOnChanges(
  alwaysOn: AlwaysOn,
  snapshots: Snapshots,
): ChangesOf<typeof alwaysOnMethods> {
  return {
    'alwaysOn.checkTarget': async ({ config, credentials }) => ({
      hostKey: await alwaysOn.checkTarget(config, credentials),
    }),
    'alwaysOn.setTarget': async ({ config, credentials }) => {
      await alwaysOn.setTarget(config, credentials);
      return {};
    },
    'alwaysOn.enable': async ({ id, password }) => {
      await alwaysOn.enable(id, password);
      return {};
    },
    'alwaysOn.disable': async ({ id }) => {
      await alwaysOn.disable(id);
      return {};
    },
    'alwaysOn.upload': () => {
      alwaysOn.upload();
      return {};
    },
    'alwaysOn.cancel': () => {
      alwaysOn.cancel();
      return {};
    },
    'alwaysOn.snapshot': (input) => snapshots.make(input),
  };
}
