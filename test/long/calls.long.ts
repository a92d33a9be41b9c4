import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sample } from 'fast-check';
import { expect, test } from 'vitest';
import { confinementLevels } from '../../core/confinement.ts';
import { WorldDamage, WorldFailure } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { randomStream, seedOf, type RandomStream } from '../../core/seeds.ts';
import type { World } from '../../core/types.ts';
import { chooseConfinement } from '../../envs/confinement/choice.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { cacheFolder } from '../../envs/world-places.ts';
import { attemptsByLink, attemptsByName, type Attempt } from '../envs/escape-attempts.ts';
import { OFFERED } from '../envs/offered-servers.ts';
import { sampleArguments } from '../envs/sample-arguments.ts';
import { changed, mutation } from '../fuzz/mutate.ts';
import { drawsOf, scaled, tell } from './scale.ts';

const CALLS_A_WORLD = 200;
const WHOLE = 'whole\n';

/** The strongest level of confinement that works here, or the one that `LONG_CONFINEMENT` names. */
chooseConfinement(confinementLevels.find((level) => level === process.env['LONG_CONFINEMENT']));
const pool = openWorldPool({ lanes: 1 });

const outside = mkdtempSync(join(tmpdir(), 'toolstone-outside-'));
const home = process.env['HOME'] ?? '';
const attempts = [...attemptsByName(outside), ...attemptsByLink()];
const mutations = sample(mutation, { numRuns: 5_000, seed: 1 });

interface Counts {
  calls: number;
  errors: number;
  worlds: number;
  deadWorlds: number;
}

/** A valid call, one with something odd in its arguments, or one that would leave its server's folder. */
function callOf(world: World, draws: RandomStream): Attempt {
  const kind = draws.uniform();
  if (kind < 0.25) return draws.pick(attempts);
  const tool = draws.pick(world.toolspace.tools);
  const args = sampleArguments(tool, draws);
  const odd = kind < 0.6 ? args : changed(args, draws.pick(mutations).changes);
  const isObject = typeof odd === 'object' && odd !== null && !Array.isArray(odd);
  return { server: tool.server, tool: tool.name, arguments: (isObject ? odd : args) as JsonObject };
}

async function play(world: World, draws: RandomStream, most: number, counts: Counts): Promise<void> {
  for (let call = 0; call < most; call++) {
    const { server, tool, arguments: args } = callOf(world, draws);
    const { text, isError } = await world.call(server, tool, args);
    counts.calls += 1;
    if (isError) counts.errors += 1;
    expect(typeof text, `${server} ${tool}`).toBe('string');
  }
  await world.evidence();
}

test('random calls over all servers of the catalogue touch nothing outside their folders', async () => {
  const draws = drawsOf('calls');
  const most = scaled(100_000);
  const counts: Counts = { calls: 0, errors: 0, worlds: 0, deadWorlds: 0 };
  const canary = join(outside, 'canary.txt');
  writeFileSync(canary, WHOLE);
  // Toolstone itself keeps start times and lists of tools there; everything else at home is a server's.
  mkdirSync(cacheFolder(), { recursive: true });
  const homeBefore = readdirSync(home).sort();
  while (counts.calls < most) {
    const seed = seedOf('world', draws.below(2 ** 30));
    const ofWorld = randomStream(seed);
    counts.worlds += 1;
    try {
      await pool.use({ servers: OFFERED, files: {} }, seed, (world) =>
        play(world, ofWorld, Math.min(CALLS_A_WORLD, most - counts.calls), counts),
      );
    } catch (error) {
      // A server may die of what it is told: that episode is void, and the next one finds it whole.
      if (!(error instanceof WorldFailure || error instanceof WorldDamage)) throw error;
      counts.deadWorlds += 1;
    }
    expect(readdirSync(outside), `world of seed ${seed}`).toEqual(['canary.txt']);
    expect(readFileSync(canary, 'utf8'), `world of seed ${seed}`).toBe(WHOLE);
  }
  await pool.dispose();
  tell(
    'calls',
    `${counts.calls} calls in ${counts.worlds} worlds, ${counts.errors} answered with an error, ${counts.deadWorlds} worlds ended early, canaries whole`,
  );
  expect(readdirSync(home).sort(), 'the home folder').toEqual(homeBefore);
  rmSync(outside, { recursive: true });
});
