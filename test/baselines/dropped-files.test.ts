import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const copy = mkdtempSync(join(tmpdir(), 'toolstone-dropped-'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const dropped = {
  'baselines/policies/mine.ts': `
import { noOp } from './no-op.ts';
export default {
  usage: 'mine:WORD',
  waitsForModel: true,
  settings: { defaults: { loud: false }, choices: {} },
  open: ({ argument, settings }) => ({ ...noOp(), name: argument + settings.loud }),
};`,
  'baselines/learners/mine.ts': `
import grpo, { grpo as make } from './grpo.ts';
export default {
  ...grpo,
  defaults: { ...grpo.defaults, mood: 'calm' },
  choices: { ...grpo.choices, mood: ['calm', 'keen'] },
  make: (trainable, { mood = 'calm', ...options }) => ({ ...make(trainable, options), name: mood }),
};`,
  'judges/models/mine.ts': `
export default {
  usage: 'mine:WORD',
  open: async (word, { judgeNamed }) => ({ ...(await judgeNamed('code')), name: word }),
};`,
};

/** Uses each by its name, and asks for what there is not. */
const script = `
import { policiesOf, episodesAtOnce } from './baselines/open-policies.ts';
import { policyHelp } from './baselines/policy-list.ts';
import { algorithmNames } from './baselines/learner-list.ts';
import { judgeNamed, judgeUsages } from './judges/judge-list.ts';
const suite = { name: 'none', splits: [], families: [], tasks: () => [] };
const fixed = (policy) => ({ name: 'j', rows: {}, seed: 1, view: 'tool', policy, training: null, evaluations: [] });
const training = (algorithm) => ({
  ...fixed('pointer'),
  training: { algorithm, reward: 'sparse', episodes: 8, groupSize: 8, groupsPerUpdate: 1 },
});
const fault = (work) => work.then(() => 'none', (error) => error.message);
console.log(JSON.stringify({
  policy: (await policiesOf(fixed('mine:yours?loud=true'), suite)).evaluated.name,
  learner: (await policiesOf(training('mine?mood=keen&beta=0.1'), suite)).learner.name,
  judge: (await judgeNamed('mine:ours')).name,
  episodes: await episodesAtOnce([fixed('mine:yours')]),
  help: [await policyHelp(), algorithmNames().join(', '), (await judgeUsages()).join(', ')],
  faults: await Promise.all([
    fault(policiesOf(fixed('nope'), suite)),
    fault(policiesOf(fixed('mine'), suite)),
    fault(policiesOf(fixed('mine:yours?mood=keen'), suite)),
    fault(policiesOf(training('nope'), suite)),
    fault(policiesOf(training('mine?mood=loud'), suite)),
    fault(judgeNamed('nope')),
  ]),
}));`;

test('a policy, a learner and a judge are known by being there: by name, in help and in faults', async () => {
  for (const room of ['core', 'baselines', 'judges']) cpSync(join(root, room), join(copy, room), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const [path, text] of Object.entries(dropped)) writeFileSync(join(copy, path), text);
  writeFileSync(join(copy, 'use.ts'), script);
  const { stdout } = await promisify(execFile)(process.execPath, ['use.ts'], { cwd: copy });
  const { help, faults, ...used } = JSON.parse(stdout) as { help: string[]; faults: string[] };
  expect(used).toEqual({ policy: 'yourstrue', learner: 'keen', judge: 'ours', episodes: 8 });
  for (const text of help) expect(text).toMatch(/\bmine\b/);
  expect(faults).toEqual([
    expect.stringMatching(/^There is no policy "nope"\. Known: llama:FILE\.gguf, mine:WORD, no-op, /),
    expect.stringMatching(/^There is no policy "mine"\. Known: /),
    '"mood=keen" is no setting of "mine:yours". There are, with their defaults: loud=false.',
    expect.stringMatching(/^There is no algorithm "nope"\. Known: .*, mine, /),
    expect.stringMatching(
      /^"mood=loud" is no setting of "mine": mood is one of calm, keen\. .*mood=calm \(or keen\)\.$/,
    ),
    expect.stringMatching(/^There is no judge "nope"\. Known: code, embedded, llama:FILE\.gguf, mine:WORD, /),
  ]);
});
