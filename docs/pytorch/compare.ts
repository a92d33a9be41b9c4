// The embedded policy's learner step beside the same network, batch, loss and optimiser in PyTorch, one thread each, in turns.
//
//   node docs/pytorch/compare.ts PYTHON      # a python with torch; finetune/trl/setup.sh trainer makes one
//
// Ours lays the batch out anew for every step, as in a training; PyTorch is given ready tensors.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { quantile } from 'simple-statistics';
import choicePerf from '../../commands/perf/choices.ts';
import { heads } from '../../baselines/pointer/heads.ts';
import type { PointerSession } from '../../baselines/pointer/session.ts';
import type { Text } from '../../baselines/pointer/text.ts';
import type { PolicySession } from '../../core/types.ts';
import { policyPerf } from '../../commands/perf/policy.ts';

const rounds = 21;
const print = (line: string) => process.stdout.write(`${line}\n`);
const [python = 'python3'] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'toolstone-pytorch-'));
const batch = join(folder, 'batch.json');

const group = policyPerf(1024, (sessions) => {
  writeFileSync(batch, JSON.stringify(headsOf(sessions)));
  return choicePerf(sessions);
});
const { comparisons, close } = await group.open();
const step = comparisons.at(-1)?.ours;
if (!step) throw new Error('policyPerf ends with the learner step');

const child = spawn(python, [fileURLToPath(new URL('learner_step.py', import.meta.url)), batch], {
  stdio: ['pipe', 'pipe', 'inherit'],
  env: { ...process.env, OMP_NUM_THREADS: '1', MKL_NUM_THREADS: '1' },
});
const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
const answer = async (): Promise<string> => {
  const { done, value } = await lines.next();
  if (done) throw new Error(`${python} ended: see what it said, and give the path of a Python that has torch.`);
  return value;
};
const [ours, theirs]: [number[], number[]] = [[], []];
try {
  print(await answer());
  for (let round = 0; round < rounds; round++) {
    ours.push(await step.sample());
    child.stdin.write('step\n');
    theirs.push(Number(await answer()));
  }
} finally {
  child.stdin.end();
  await close();
  rmSync(folder, { recursive: true });
}

const said = (values: readonly number[]): string =>
  `${quantile([...values], 0.5).toFixed(2)} (quartiles ${quantile([...values], 0.25).toFixed(2)}–${quantile([...values], 0.75).toFixed(2)})`;
print(`node ${process.version}: ${said(ours)} ms a step`);
print(`PyTorch: ${said(theirs)} ms a step`);
print(`ratio of the rounds: ${said(ours.map((one, i) => one / (theirs[i] ?? Number.NaN)))}`);

/** Everything that the policy chose, head by head, as plain lists. */
function headsOf(sessions: readonly PolicySession[]) {
  const choices = sessions.flatMap((session, number) =>
    (session as PointerSession).choices.map((choice) => ({ ...choice, session: number })),
  );
  return heads.flatMap(({ name }) => {
    const own = choices.filter(({ question }) => question.head === name);
    if (own.length === 0) return [];
    const rows = new Map<Text, number>();
    const rowOf = (text: Text): number => {
      const found = rows.get(text) ?? rows.size;
      rows.set(text, found);
      return found;
    };
    const asked = own.map(({ question, chosen, logProbability, session }) => ({
      query: question.query.map(rowOf),
      candidates: question.candidates.map(rowOf),
      scalars: [...question.scalars],
      chosen,
      logProbability,
      // Any advantages will do for time: half of the episodes up, half down.
      advantage: session % 2 === 0 ? 1 : -1,
    }));
    const texts = [...rows.keys()].map(({ ids, weights }) => ({ ids: [...ids], weights: [...weights] }));
    return [{ name, texts, asked }];
  });
}
