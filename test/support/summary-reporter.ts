import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import type { UserConsoleLog } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';
import { findSecrets, keepOutput, outputVariable, readOutput } from './kept-output.ts';

const fixtures = new URL('../fixtures/', import.meta.url);

/** All CSV files that tests import: the e-mails in them are secrets. */
function readFixtures(): string {
  return readdirSync(fixtures, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.csv'))
    .map((name) => readFileSync(new URL(name, fixtures), 'utf8'))
    .join('\n');
}

/**
 * Searches all that the program answered and logged in the run for marked secrets, and ends the
 * run with one plain line that CI reads.
 */
export default class SummaryReporter implements Reporter {
  onUserConsoleLog({ content }: UserConsoleLog): void {
    keepOutput('log', content);
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const count = { passed: 0, failed: errors.length, skipped: 0 };
    for (const module of modules) {
      const states = [...module.children.allTests()].map((test) => test.result().state);
      const failed = states.filter((state) => state === 'failed').length;
      const passed = states.filter((state) => state === 'passed').length;
      // A file that cannot be loaded, or whose set-up fails, fails without a failed test.
      count.failed += failed === 0 && module.state() === 'failed' ? 1 : failed;
      count.passed += passed;
      count.skipped += states.length - failed - passed;
    }
    const search = searchOutput();
    if (search.leaked) {
      count.failed++;
      process.exitCode = 1;
    }
    process.on('exit', () => {
      console.log(search.line);
      console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
    });
  }
}

function searchOutput(): { leaked: boolean; line: string } {
  const dir = process.env[outputVariable];
  if (dir === undefined || !existsSync(dir)) {
    return { leaked: false, line: 'No portal answered and nothing was logged.' };
  }
  const answers = readOutput(dir, 'answers');
  const log = readOutput(dir, 'log');
  rmSync(dir, { recursive: true, force: true });
  const { secrets, searchedFor } = findSecrets(answers, log, readFixtures());
  const megabytes = (answers.length / 1e6).toFixed(1);
  const searched = `${megabytes} MB of answers and ${log.split('\n').length} log lines searched for ${searchedFor} secrets`;
  return secrets.length === 0
    ? { leaked: false, line: `${searched}: none found` }
    : { leaked: true, line: `${searched}, FOUND: ${secrets.join(', ')}` };
}
