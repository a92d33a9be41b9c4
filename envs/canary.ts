import { WorldDamage, WorldFailure } from '../core/errors.ts';
import type { Facts } from '../core/facts.ts';
import type { JsonObject } from '../core/json.ts';
import type { World, WorldParameters, WorldPool } from '../core/types.ts';
import { openWorldPool } from './world-pool.ts';

/** The server of the canary's world: it comes with Toolstone, and all that it keeps is files. */
const server = 'filesystem';
const [kept, written] = ['canary.txt', 'written.txt'];
const parameters: WorldParameters = { servers: [server], files: { [server]: { [kept]: 'It sings.' } } };
const seed = 1;

/** A tiny world of one server of the catalogue, in which what every episode relies on is tried: calls, evidence, reset, hash. */
export interface Canary {
  /** Rejects with `WorldFailure` that says what is not as it should be, or what broke in three tries. */
  readonly prove: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Opens nothing before it is asked to prove; its server then stays, so that a second proof takes milliseconds. */
export function openCanary(openPool: () => WorldPool = () => openWorldPool({ lanes: 1 })): Canary {
  let pool: WorldPool | undefined;
  return {
    prove: async () => {
      for (let tries = 1; ; tries++)
        try {
          return await proveWorlds((pool ??= openPool()));
        } catch (error) {
          // As an episode, it is tried again where a world broke: a machine may be busy for a moment. What is wrong stays wrong.
          const isBroken = error instanceof WorldFailure || error instanceof WorldDamage;
          if (!isBroken || error instanceof Unsound || tries === attempts) throw error;
        }
    },
    close: async () => pool?.dispose(),
  };
}

const attempts = 3;

/** The world answers, and what it says is wrong. */
class Unsound extends WorldFailure {}

/** Writes into a world and reads back, has it reset, and proves that nothing is left and the start state is what it was. */
async function proveWorlds(pool: Pick<WorldPool, 'use' | 'factsOf'>): Promise<void> {
  const before = pool.factsOf(parameters);
  const first = await pool.use(parameters, seed, async (world) => {
    await expectText(world, kept, 'It sings.');
    await expectFacts(world, before, 'holds something else than it was made of');
    await act(world, 'write_file', { path: pathIn(world, written), content: 'It sang.' });
    await expectText(world, written, 'It sang.');
    if (equal(await world.evidence(), before)) throw unsound('gives no evidence of a file that was written');
    return world.startHash;
  });
  await pool.use(parameters, seed, async (world) => {
    if (world.startHash !== first) throw unsound('starts from another state once it is reset, by its hash');
    const { isError } = await world.call(server, 'read_text_file', { path: pathIn(world, written) });
    if (!isError) throw unsound('still holds, once it is reset, a file of before');
    await expectText(world, kept, 'It sings.');
    await expectFacts(world, before, 'holds something else than before once it is reset');
  });
}

const pathIn = ({ root }: World, name: string): string => `${root}/${server}/${name}`;

async function act({ call }: World, tool: string, args: JsonObject): Promise<string> {
  const { text, isError } = await call(server, tool, args);
  if (isError) throw unsound(`answers ${tool} with an error: ${text}`);
  return text;
}

async function expectText(world: World, name: string, text: string): Promise<void> {
  const read = await act(world, 'read_text_file', { path: pathIn(world, name) });
  if (read !== text) throw unsound(`reads ${JSON.stringify(read)} from a file that holds ${JSON.stringify(text)}`);
}

async function expectFacts(world: World, facts: Facts, otherwise: string): Promise<void> {
  if (!equal(await world.evidence(), facts)) throw unsound(otherwise);
}

const equal = (one: Facts, other: Facts): boolean => JSON.stringify(one) === JSON.stringify(other);

const unsound = (what: string): Unsound => new Unsound(`it ${what}`);
