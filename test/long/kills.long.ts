import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../cli/toolstone.ts';
import { eventually, processesWith } from '../envs/processes.ts';
import { killAgainAndAgain } from './killed.ts';
import { drawsOf, scaled, tell } from './scale.ts';

const draws = drawsOf('kills');
const commands = {
  run: ['run', '--policy', 'retrieval', 'random', '--suite', 'smoke', '--limit', '40'],
  train: ['train', '--suite', 'smoke', '--episodes', '96'],
  bench: ['bench', '--suite', 'smoke', '--seeds', '1', '--episodes', '64'],
} as const;

test.each(Object.entries(commands))(
  '%s, killed at random moments and given again, ends with the same bytes',
  async (name, args) => {
    const folder = temporaryFolder();
    const [whole, disturbed] = [join(folder, 'whole'), join(folder, 'disturbed')];
    const { kills, ended } = await killAgainAndAgain((out) => [...args, '--out', out], {
      whole,
      disturbed,
      kills: scaled(20),
      draws,
    });
    expect(await eventually(() => processesWith(folder).length === 0, 10_000), 'no process is left').toBe(true);
    tell('kills', `${name}: ${kills} kills, ${ended} times at the end, each time the bytes of the undisturbed run`);
  },
);
