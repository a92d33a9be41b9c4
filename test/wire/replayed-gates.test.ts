import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { completion, fakeServer } from '../models/fake-server.ts';
import { ownServer, task, taskFolder } from '../suites/own-tasks-files.ts';
import { temporaryFolder, toolstone } from '../cli/toolstone.ts';
import { isWhole } from '../whole.ts';

const { write } = taskFolder();
const content = {
  name: 'wired',
  mcpServers: { own: ownServer() },
  tasks: [task({ checks: [{ answer: { equals: '42' } }], plan: [], answer: '42' })],
};
const file = write('wired.yaml', content);
const reply = completion({
  tool_calls: [{ id: '1', type: 'function', function: { name: 'finish', arguments: '{"answer":"42"}' } }],
});

test.runIf(isWhole)(
  'a gate of own tasks with a model needs a recording and no model, no key and no server',
  async () => {
    const folder = temporaryFolder();
    const at = (name: string) => join(folder, name);
    const gate = (...more: readonly string[]) => toolstone('gate', '--tasks', file, '--out', at('run'), ...more);
    const accepting = ['--policy', 'openai:tiny', '--accept', 'first numbers', '--wire', `record:${at('rec')}`];
    vi.stubEnv('OPENAI_API_KEY', 'sk-planted-key-0123456789');
    {
      await using server = await fakeServer(({ path }) =>
        path.endsWith('/models') ? { body: { data: [{ id: 'tiny' }] } } : { body: reply },
      );
      vi.stubEnv('OPENAI_BASE_URL', `${server.url}/v1`);
      const accepted = await gate(...accepting);
      expect(accepted.code, accepted.stderr).toBe(0);
    }
    vi.stubEnv('OPENAI_API_KEY', '');
    const trajectories = readFileSync(join(at('run'), 'trajectories.jsonl'), 'utf8');
    const passed = await gate('--wire', `strict:${at('rec')}`);
    expect(passed.code, passed.stdout + passed.stderr).toBe(0);
    expect(passed.stdout).toContain('gate: pass');
    expect(readFileSync(join(at('run'), 'trajectories.jsonl'), 'utf8')).toBe(trajectories);

    const wider = await gate('--view', 'eager', '--wire', `strict:${at('rec')}`);
    expect(wider.code, wider.stderr).toBe(4);
    expect(wider.stderr).toContain('Tasks asked for what the recording lacks, so that nothing is compared.');
    const finished = await gate(at('run'), '--wire', `strict:${at('rec')}`);
    expect(finished.code).toBe(2);
    expect(finished.stderr).toContain('A finished run is compared as it is: leave out --wire');
    const house = await toolstone('gate', '--wire', `strict:${at('rec')}`);
    expect(house.stderr).toContain('--wire belong to a gate of your own tasks');

    write('wired.yaml', { ...content, summary: 'Otherwise.' });
    const edited = await gate('--wire', `strict:${at('rec')}`);
    expect(edited.code, edited.stderr).toBe(4);
    expect(edited.stderr).toMatch(/it is of the suite wired@\w+, not of wired@\w+/);
  },
  300_000,
);
