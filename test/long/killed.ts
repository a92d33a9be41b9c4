import { rmSync } from 'node:fs';
import { expect } from 'vitest';
import type { RandomStream } from '../../core/seeds.ts';
import { digests, start } from '../cli/toolstone.ts';

export interface Kills {
  readonly kills: number;
  /** Commands that came to their end. */
  readonly ended: number;
}

/**
 * Gives a command again and again into a folder and kills it after a random time; whenever it comes to its end, the folder is
 * compared with the undisturbed one, and a new one begun. The last one is let come to its end.
 */
export async function killAgainAndAgain(
  command: (out: string) => readonly string[],
  { whole, disturbed, kills, draws }: { whole: string; disturbed: string; kills: number; draws: RandomStream },
): Promise<Kills> {
  const begun = performance.now();
  const reference = await start(...command(whole)).finished;
  expect(reference.code, reference.stderr).toBe(0);
  const longest = performance.now() - begun;
  let [killed, ended] = [0, 0];
  for (let isOver = false; !isOver;) {
    const { child, finished } = start(...command(disturbed));
    // Most of a short command is its start; a squared draw would never get to the end of it.
    const timer =
      killed < kills ? setTimeout(() => child.kill('SIGKILL'), longest * (0.15 + 0.85 * draws.uniform())) : undefined;
    const { code, signal, stderr } = await finished;
    clearTimeout(timer);
    if (signal === 'SIGKILL') {
      killed += 1;
      continue;
    }
    expect(code, stderr).toBe(0);
    expect(digests(disturbed), `after ${killed} kills`).toEqual(digests(whole));
    ended += 1;
    isOver = killed >= kills;
    rmSync(disturbed, { recursive: true });
  }
  return { kills: killed, ended };
}
