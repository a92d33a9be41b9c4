import type { ChildProcess } from 'node:child_process';
import { digests } from '../cli/toolstone.ts';

/** Resolves once a command has said something on standard error. */
export const said = (child: ChildProcess, words: string): Promise<void> =>
  new Promise((resolve) => {
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes(words)) resolve();
    });
  });

/** What equal runs share; the page tells clock times. */
export function filesOf(run: string): Record<string, string> {
  return Object.fromEntries(Object.entries(digests(run)).filter(([name]) => name !== 'report.html'));
}
