import { expect, it } from 'vitest';
import { missingServers } from '../support/web-space.ts';
import { compareAlwaysOn } from './always-on.ts';
import { defaultFolder, defaultNow } from './fidelity.ts';

// All pages: npm run test:fidelity -- --always-on.
it.skipIf(missingServers.length > 0)(
  'a sample of the golden pages is the same from the live portal and from encrypted files',
  async () => {
    const { compared, different } = await compareAlwaysOn(defaultFolder, defaultNow, 40);
    expect(compared).toBeGreaterThan(20);
    expect(different).toEqual([]);
  },
);
