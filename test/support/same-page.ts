/**
 * A page of the live portal and the same page of its files, as HTML that can be compared. What the
 * specification names as different is taken out: where links and forms lead, and nothing else.
 */
import type { Page } from 'playwright';
import { takeCharts } from './taken-charts.ts';

/** Runs in the browser. */
function readBody(): { title: string; lang: string; dir: string; page: string; body: string } {
  const body = document.body.cloneNode(true) as HTMLElement;
  for (const element of body.querySelectorAll('[href], [action]')) {
    for (const name of ['href', 'action']) {
      const value = element.getAttribute(name);
      if (value === null || value === '#details') continue;
      const query = new URLSearchParams(value.split('?')[1]?.split('#')[0] ?? '');
      const project = /\/p\/(\d+)/.exec(value)?.[1] ?? query.get('project') ?? '';
      const locale = element.getAttribute('hreflang') ?? '';
      const shown = ['year', 'month', 'details'].map((key) => `${key}=${query.get(key) ?? ''}`);
      element.setAttribute(name, name === 'action' ? '' : [locale, project, ...shown].join(' '));
    }
  }
  for (const element of body.querySelectorAll('script, noscript')) element.remove();
  return {
    title: document.title,
    lang: document.documentElement.lang,
    dir: document.documentElement.dir,
    page: document.body.dataset.page ?? '',
    // Blanks between elements are the template's; Svelte leaves them out here and there.
    body: body.innerHTML.replace(/>\s+</g, '><').trim(),
  };
}

/** Waits until the page is whole: rendered, and its charts taken over by their script. */
export async function comparable(page: Page): Promise<ReturnType<typeof readBody>> {
  await page.waitForFunction(() => !document.body.hasAttribute('aria-busy'));
  await takeCharts(page);
  return page.evaluate(readBody);
}

/** The address of files for the page that a live address shows. */
export function sealedAddress(url: string, live: string, locale: string): string {
  const { pathname, searchParams } = new URL(live);
  const project = /\/p\/(\d+)/.exec(pathname)?.[1];
  if (project !== undefined) searchParams.set('project', project);
  const [path, secret] = url.split('#') as [string, string];
  const own = path.replace(/\/[A-Za-z_]+(\/auth\/customer-portal\/)/, `/${locale}$1`);
  const query = searchParams.toString();
  return `${own}#${secret}${query && `?${query}`}`;
}
