/** A client with a slow phone: 1.6 Mbit/s, 150 ms round trip, a quarter of this processor. */
import type { Browser, Page } from 'playwright';

/** What the client saw and felt until now. */
export interface Experience {
  /** Milliseconds from the click on the link to the largest contentful paint. */
  lcpMs: number;
  /** Cumulative layout shift. */
  shift: number;
  /** The longest task of the page's thread in milliseconds; 0: none over 50. */
  longestTaskMs: number;
}

export interface SlowPage {
  page: Page;
  /** What was sent until now. */
  bytes(): number;
  /** What was sent of files whose address contains a text. */
  bytesOf(text: string): number;
  experience(): Promise<Experience>;
}

/** Opens an address as a slow phone does that has never seen it. */
export async function openSlowly(browser: Browser, url: string): Promise<SlowPage> {
  const page = await (await browser.newContext()).newPage();
  const session = await page.context().newCDPSession(page);
  const urls = new Map<string, string>();
  const sent: { url: string; bytes: number }[] = [];
  session.on('Network.requestWillBeSent', ({ requestId, request }) =>
    urls.set(requestId, request.url),
  );
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) =>
    sent.push({ url: urls.get(requestId) ?? '', bytes: encodedDataLength }),
  );
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 },
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.goto(url);
  const bytesOf = (text: string): number =>
    sent.filter((file) => file.url.includes(text)).reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    page,
    bytes: () => bytesOf(''),
    bytesOf,
    experience: () => page.evaluate(readExperience),
  };
}

/** Runs in the page. An observer that finds nothing is never called, so that there is a limit. */
async function readExperience(): Promise<Experience> {
  const entriesOf = (type: string): Promise<PerformanceEntryList> =>
    new Promise((done) => {
      const limit = setTimeout(() => done([]), 300);
      new PerformanceObserver((list) => {
        clearTimeout(limit);
        done(list.getEntries());
      }).observe({ type, buffered: true });
    });
  const [paints, shifts, tasks] = await Promise.all(
    ['largest-contentful-paint', 'layout-shift', 'longtask'].map(entriesOf),
  );
  return {
    lcpMs: paints!.at(-1)!.startTime,
    shift: shifts!.reduce(
      (sum, entry) => sum + (entry as PerformanceEntry & { value: number }).value,
      0,
    ),
    longestTaskMs: Math.max(0, ...tasks!.map(({ duration }) => duration)),
  };
}
