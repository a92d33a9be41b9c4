import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Manifest } from '../../core/run-types.ts';
import { ownServer, task, taskFolder } from '../suites/own-tasks-files.ts';
import { temporaryFolder, toolstone, toolstoneProcess } from './toolstone.ts';
import { isWhole } from '../whole.ts';

const { folder, write } = taskFolder();
// Elsewhere than the task file: what lies beside it is a part of the suite's name.
const program = join(folder, 'elsewhere.mjs');
const file = write('tasks/tasks.yaml', {
  name: 'errands',
  mcpServers: { own: { ...ownServer(), args: [program, '{FOLDER}'] } },
  tasks: [task(), task({ id: 'two' })],
});
const text = readFileSync(join(folder, 'server.mjs'), 'utf8');
const describe = (words: string) =>
  writeFileSync(program, text.replace(/description: [^,}]+/, `description: '${words}'`));
const words = ['run', '--policy', 'oracle', '--tasks', file] as const;

test.runIf(isWhole)(
  'every manifest tells what was offered by tool; drift forbids resuming, and two runs with it are incomparable',
  async () => {
    const runs = temporaryFolder();
    const [before, after] = [join(runs, 'before'), join(runs, 'after')];
    describe('Old words.');
    const first = await toolstone(...words, '--out', before);
    expect(first.code, first.stderr).toBe(0);
    const { servers } = JSON.parse(readFileSync(join(before, 'manifest.json'), 'utf8')) as Manifest;
    expect(Object.keys(servers['own']?.fingerprint?.tools ?? {})).toHaveLength(servers['own']?.tools ?? 0);
    expect(Object.values(servers['own']?.fingerprint?.tools ?? {})[0]).toMatch(/^[0-9a-f]{12} [0-9a-f]{12} \d+$/);
    const same = await toolstoneProcess(...words, '--out', before);
    expect(same.code, same.stderr).toBe(0);

    describe('New words.');
    // A process that has listed a server once does not ask it again.
    const drifted = await toolstoneProcess(...words, '--out', before);
    expect(drifted.code).toBe(2);
    expect(drifted.stderr).toMatch(
      /holds another run \(it differs in servers\)[\s\S]*incomparable[\s\S]*Drift: The description of the tool \w+ of server own changed\.\n {2}- Old words\.\n {2}\+ New words\./,
    );

    expect((await toolstoneProcess(...words, '--out', after)).code).toBe(0);
    const compared = await toolstone('report', before, after);
    expect(compared.code, compared.stderr).toBe(4);
    expect(compared.stderr).toMatch(/ {2}- Old words\.\n {2}\+ New words\.[\s\S]*so that the two are incomparable/);
    expect(compared.stdout).toContain('What changed by tool');
    const allowed = await toolstone('report', before, after, '--allow-drift');
    expect(allowed.code, allowed.stderr).toBe(0);

    const gate = await toolstoneProcess('gate', before, '--tasks', file, '--accept', 'first');
    expect(gate.code).toBe(2);
    expect(gate.stderr).toMatch(/offer something else than when the run was made[\s\S]*\+ New words\./);
  },
  300_000,
);
