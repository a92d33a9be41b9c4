import { expect, test } from 'vitest';
import { WorldFailure } from '../../core/errors.ts';
import type { Facts } from '../../core/facts.ts';
import type { ToolResult, World, WorldPool } from '../../core/types.ts';
import { openCanary } from '../../envs/canary.ts';

test('a canary proves real worlds, twice with one server, and closes what it opened', async () => {
  const canary = openCanary();
  await canary.prove();
  await canary.prove();
  await canary.close();
});

/** A pool whose worlds are kept in memory, with the faults that a test plants. */
interface Faults {
  /** A file written before is still there in the next world. */
  readonly keepsFiles?: true;
  /** The fixture's own file is changed by a reset. */
  readonly spoilsFixture?: true;
  readonly otherHash?: true;
  readonly readsOtherwise?: true;
  readonly refusesWrites?: true;
  /** Evidence is always that of the fixture. */
  readonly blindEvidence?: true;
  readonly wrongStart?: true;
  /** The first so many uses reject. */
  readonly breaks?: number;
}

const fixture = { 'canary.txt': 'It sings.' };
const factsOf = (files: object): Facts => ({ filesystem: [JSON.stringify(files)] });
const answer = (text: string, isError = false): Promise<ToolResult> => Promise.resolve({ text, isError });

function poolWith(faults: Faults, told: { uses: number; isClosed: boolean }): WorldPool {
  let files: Record<string, string> = {};
  const call: World['call'] = (_, tool, { path, content }) => {
    const name = (path as string).split('/').at(-1) ?? '';
    if (tool === 'write_file') {
      if (faults.refusesWrites) return answer('read-only', true);
      files[name] = content as string;
      return answer('written');
    }
    const text = files[name];
    if (text === undefined) return answer('no such file', true);
    return answer(faults.readsOtherwise ? `${text}!` : text);
  };
  return {
    factsOf: () => factsOf(fixture),
    use: (_, __, work) => {
      told.uses += 1;
      if (told.uses <= (faults.breaks ?? 0)) return Promise.reject(new WorldFailure('The world could not be reset'));
      const isFirst = Object.keys(files).length === 0;
      const changed = (faults.wrongStart && isFirst) || (faults.spoilsFixture && !isFirst);
      files = { ...(faults.keepsFiles ? files : {}), ...fixture, ...(changed ? { 'other.txt': '' } : {}) };
      const evidence = () => Promise.resolve(factsOf(faults.blindEvidence ? fixture : files));
      const startHash = faults.otherHash && !isFirst ? 'b' : 'a';
      return work({ root: '/world', startHash, call, evidence } as unknown as World);
    },
    dispose: () => {
      told.isClosed = true;
      return Promise.resolve();
    },
    toolspaceOf: () => ({ servers: [], tools: [] }),
  };
}

const proof = async (faults: Faults) => {
  const told = { uses: 0, isClosed: false };
  const canary = openCanary(() => poolWith(faults, told));
  const outcome = await canary.prove().then(
    () => 'sound',
    (error: unknown) => (error instanceof WorldFailure ? error.message : 'another error'),
  );
  await canary.close();
  expect(told.isClosed).toBe(true);
  return outcome;
};

test.each<[Faults, string]>([
  [{}, 'sound'],
  [{ breaks: 2 }, 'sound'],
  [{ breaks: 3 }, 'The world could not be reset'],
  [{ keepsFiles: true }, 'it still holds, once it is reset, a file of before'],
  [{ spoilsFixture: true }, 'it holds something else than before once it is reset'],
  [{ wrongStart: true }, 'it holds something else than it was made of'],
  [{ otherHash: true }, 'it starts from another state once it is reset, by its hash'],
  [{ readsOtherwise: true }, 'it reads "It sings.!" from a file that holds "It sings."'],
  [{ refusesWrites: true }, 'it answers write_file with an error: read-only'],
  [{ blindEvidence: true }, 'it gives no evidence of a file that was written'],
])('with %o planted, the canary is %s', async (faults, outcome) => {
  expect(await proof(faults)).toBe(outcome);
});

test('a canary that was never asked opens nothing', async () => {
  let isOpened = false;
  const canary = openCanary(() => {
    isOpened = true;
    return poolWith({}, { uses: 0, isClosed: false });
  });
  await canary.close();
  expect(isOpened).toBe(false);
});
