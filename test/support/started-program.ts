import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { keepOutput } from './kept-output.ts';

/** The program as `npm start` runs it: the built files, in a process of their own. */
export interface StartedProgram {
  /** Signs one browser in, once. */
  ownerUrl: string;
  /** Everything it has printed so far, both streams. */
  output(): string;
  /** As Ctrl+C does; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts the browser host on a data folder. Throws with its output if it ends at once. It never
 * outlives the process of the test.
 */
export async function startProgram(dataDir: string, ...args: string[]): Promise<StartedProgram> {
  const child = spawn(
    process.execPath,
    ['scripts/start.js', '--browser', '--no-open', '--data', dataDir, ...args],
    { cwd: new URL('../..', import.meta.url), stdio: ['ignore', 'pipe', 'pipe'] },
  );
  process.once('exit', () => child.kill('SIGKILL'));
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    keepOutput('log', chunk.toString());
  });
  const ownerUrl = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      output += `${line}\n`;
      // With sample data the owner is told the sample's address on purpose.
      if (!args.includes('--sample')) keepOutput('log', line);
      const url = /http:\/\/127\.0\.0\.1:\d+\/open\?token=\S+/.exec(line)?.[0];
      if (url !== undefined) resolve(url);
    });
    // Not `exit`: what it said may come after that.
    child.once('close', (code) => reject(new Error(`ended with ${code}:\n${output}`)));
  });
  return {
    ownerUrl,
    output: () => output,
    async stop() {
      const code = await stop(child);
      const log = join(dataDir, 'customer-portal.log');
      if (existsSync(log)) keepOutput('log', readFileSync(log, 'utf8'));
      return code;
    },
  };
}

async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  const [code] = (await ended) as [number | null];
  return code;
}
