import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  violations: { id: string; nodes: { target: string[]; failureSummary?: string }[] }[];
}

/**
 * What axe finds wrong within a part of a page as it is now: one line per rule and element.
 * `rules`: only these, such as `color-contrast` for a second colour scheme; else all of them.
 */
export async function axeViolations(
  page: Page,
  { within = 'body', rules }: { within?: string; rules?: string[] } = {},
): Promise<string[]> {
  await page.evaluate(source);
  const options = {
    iframes: false,
    resultTypes: ['violations'],
    ...(rules ? { runOnly: rules } : {}),
  };
  const { violations } = await page.evaluate<AxeResult>(
    `axe.run(${JSON.stringify(within)}, ${JSON.stringify(options)})`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
  );
}
