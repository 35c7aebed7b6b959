/** What a client's first visit costs who has a slow phone: the live portal's page of 300 rows. */
import { launchChromium } from '../test/support/chromium.ts';
import { atMost, median, type Line } from './line.ts';
import { openSlowly, type Experience } from './slow-phone.ts';

const visits = 5;

/** `url`: of a page that was not visited; `laterUrl`: of another month of the same share. */
export async function measureVisit(url: string, laterUrl: string): Promise<Line[]> {
  const browser = await launchChromium();
  try {
    const seen: Experience[] = [];
    let bytes = 0;
    let later = 0;
    for (let turn = 0; turn < visits; turn++) {
      const slow = await openSlowly(browser, url);
      await slow.page.waitForLoadState('load');
      seen.push(await slow.experience());
      bytes = Math.max(bytes, slow.bytes());
      const before = slow.bytes();
      await slow.page.goto(laterUrl);
      later = Math.max(later, slow.bytes() - before);
      await slow.page.context().close();
    }
    const of = (value: (one: Experience) => number): number => median(seen.map(value));
    return [
      atMost('first visit, all that is sent', bytes / 1000, 'kB', 30),
      atMost('a later page', later / 1000, 'kB', 8),
      atMost(
        'LCP at 1.6 Mbit/s, 150 ms, processor ÷ 4',
        of(({ lcpMs }) => lcpMs),
        'ms',
        600,
      ),
      atMost(
        'layout shift',
        of(({ shift }) => shift),
        '',
        0,
      ),
      atMost(
        'longest task over 50 ms',
        of(({ longestTaskMs }) => longestTaskMs),
        'ms',
        50,
      ),
    ];
  } finally {
    await browser.close();
  }
}
