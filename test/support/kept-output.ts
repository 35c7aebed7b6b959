import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { neverShown } from './marked-secrets.ts';

/**
 * What the program answered to clients and wrote to its log in all tests of a run, kept so that
 * the end of the run can search it for secrets (issue 6). One folder per run, named by
 * vitest.config.ts; files per process, since tests run in several.
 */
export const outputVariable = 'CUSTOMER_PORTAL_TEST_OUTPUT';

type Kind = 'answers' | 'log';

/** Keeps a text; does nothing outside a test run of ours. */
export function keepOutput(kind: Kind, text: string): void {
  const dir = process.env[outputVariable];
  if (dir === undefined) return;
  mkdirSync(dir, { recursive: true });
  appendFileSync(join(dir, `${process.pid}.${kind}`), `${text}\n`);
}

/** Everything kept so far, of all processes. */
export function readOutput(dir: string, kind: Kind): string {
  return readdirSync(dir)
    .filter((name) => name.endsWith(`.${kind}`))
    .map((name) => readFileSync(join(dir, name), 'utf8'))
    .join('\n');
}

/** E-mail addresses in a text: those of test data must be in no answer and no log line. */
const addresses = (text: string): string[] => text.match(/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g) ?? [];

/**
 * Names of the secrets found: marked facts anywhere, e-mails that the imported files hold
 * anywhere, share keys in the log (a page's own links hold its own key). Never the secrets.
 */
export function findSecrets(
  answers: string,
  log: string,
  importedText: string,
): { secrets: string[]; searchedFor: number } {
  const marks = Object.entries(neverShown);
  const emails = [...new Set(addresses(importedText))];
  const found = new Set<string>();
  for (const [where, text] of Object.entries({ answers, log })) {
    for (const [name, mark] of marks) if (text.includes(mark)) found.add(`${name} in ${where}`);
    if (emails.some((email) => text.includes(email))) found.add(`an imported e-mail in ${where}`);
  }
  if (/\/auth\/customer-portal\/[\w-]{22,}/.test(log)) found.add('a share key in log');
  return { secrets: [...found], searchedFor: marks.length + emails.length + 1 };
}
