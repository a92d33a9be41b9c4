import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { familyFile } from '../../suites/tasks/family-list.ts';
import { suiteNamed, suiteNames } from '../../suites/tasks/suite-list.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** How a file is changed, in words of the script below. */
type Change = 'code' | 'comment' | 'type' | 'data' | 'layout' | 'text';

const leaveIdentity: readonly (readonly [string, Change])[] = [
  ['commands/shared/flags.ts', 'code'],
  ['commands/shared/printing.ts', 'code'],
  ['suites/importers/bfcl.ts', 'code'],
  ['reports/write-report.ts', 'code'],
  ['envs/views/eager.ts', 'code'],
  ['envs/servers/excel.ts', 'code'],
  ['suites/families/sql-answer.ts', 'code'],
  ['suites/own-tasks/suite.ts', 'code'],
  ['baselines/learners/ppo.ts', 'code'],
  ['judges/models/noisy.ts', 'code'],
  ['meta-evaluation/defects/plant.ts', 'code'],
  ['core/run/rollout.ts', 'comment'],
  ['core/types.ts', 'type'],
  ['suites/families/file-notes.json', 'layout'],
];
const changeIdentity: readonly (readonly [string, Change])[] = [
  ['envs/views/tool.ts', 'code'],
  ['envs/servers/filesystem.ts', 'code'],
  ['envs/processes/supervisor-child.ts', 'code'],
  ['envs/processes/preload/clock.cjs', 'code'],
  ['suites/basic.ts', 'code'],
  ['suites/families/file-notes.ts', 'code'],
  ['suites/families/file-notes.json', 'data'],
  ['baselines/learners/grpo.ts', 'code'],
  ['baselines/model-loop/prompt-format.md', 'text'],
  ['judges/models/embedded.ts', 'code'],
  ['judges/embedded/weights.json', 'data'],
  ['core/run/rollout.ts', 'code'],
];

/** Runs in a copy of the source: says which changes of one file give a run another identity. */
const script = `
import { readFileSync, writeFileSync } from 'node:fs';
import { sourceOf } from './commands/shared/run-identity.ts';
import { suiteNamed } from './suites/tasks/suite-list.ts';
const changes = {
  code: (text) => text + '\\nvoid "more";\\n',
  comment: (text) => '/* more */\\n\\n' + text,
  type: (text) => text + '\\nexport interface More { readonly more: string }\\n',
  data: (text) => JSON.stringify({ ...JSON.parse(text), more: 1 }),
  layout: (text) => JSON.stringify(JSON.parse(text)),
  text: (text) => text + 'More.\\n',
};
const suite = await suiteNamed('basic');
const training = { algorithm: 'grpo?scale=none', judge: { name: 'embedded' } };
const jobs = [{ policy: 'pointer', view: 'tool', training }, { policy: 'ollama:m', view: 'tool', training: null }];
const before = sourceOf(suite, jobs);
const changed = JSON.parse(process.argv[1]).filter(([file, change]) => {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, changes[change](text));
  const after = sourceOf(suite, jobs);
  writeFileSync(file, text);
  return after !== before;
});
console.log(JSON.stringify({ before, changed }));
`;

test('a run hangs on the code, data and texts that make its episodes, and on nothing else', () => {
  const copy = mkdtempSync(join(tmpdir(), 'toolstone-copy-'));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  const rooms = ['core', 'envs', 'suites', 'judges', 'meta-evaluation', 'baselines', 'finetune', 'commands', 'reports'];
  for (const room of rooms) {
    cpSync(join(root, room), join(copy, room), {
      recursive: true,
      filter: (path) => !/reports\/(?:runs|reference)/.test(path),
    });
  }
  cpSync(join(root, 'package.json'), join(copy, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const told = execFileSync(
    process.execPath,
    ['--input-type=module', '-e', script, JSON.stringify([...leaveIdentity, ...changeIdentity])],
    { cwd: copy, encoding: 'utf8' },
  );
  const { before, changed } = JSON.parse(told) as { readonly before: string; readonly changed: unknown };
  expect(before).toMatch(/^modules:[0-9a-f]{64}$/);
  expect(changed).toEqual(changeIdentity);
});

test('every family of a suite has a file that the suite names', async () => {
  for (const name of suiteNames()) {
    const { families, familyFiles = families } = await suiteNamed(name);
    for (const file of familyFiles) expect(existsSync(familyFile(file)), `${name}: ${file}`).toBe(true);
  }
});
