import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Trajectory } from '../../core/trajectory.ts';
import { completion, fakeServer } from '../models/fake-server.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';
import { isWhole } from '../whole.ts';

const finish = completion({
  tool_calls: [{ id: '1', type: 'function', function: { name: 'finish', arguments: '{}' } }],
});

test.runIf(isWhole)(
  'an endpoint that goes down in mid-run ends it with one sentence and 2; up again, the same command does the rest',
  async () => {
    let isDown = true;
    let chats = 0;
    await using server = await fakeServer(({ path }) => {
      if (path.endsWith('/models')) return { body: { data: [{ id: 'tiny' }] } };
      // A preflight, then two episodes.
      return isDown && ++chats > 3 ? { status: 400, body: { error: 'out of memory' } } : { body: finish };
    });
    vi.stubEnv('OPENAI_BASE_URL', `${server.url}/v1`);
    const out = join(temporaryFolder(), 'run');
    const command = ['run', '--policy', 'openai:tiny', '--limit', '4', '--concurrency', '1', '--out', out] as const;
    const outcomes = () =>
      readFileSync(join(out, 'trajectories.jsonl'), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { outcome: { kind: string; culprit?: string } }).outcome);

    const first = await toolstone(...command);
    expect(first.code, first.stderr).toBe(2);
    expect(first.stderr).toMatch(
      /answered 400: out of memory\. Asked: POST .*chat\/completions for the model "tiny"\. Start it/,
    );
    expect(outcomes().map(({ kind }) => kind)).toEqual(['terminated', 'terminated']);

    isDown = false;
    const before = server.requests.length;
    const second = await toolstone(...command);
    expect(second.code, second.stderr).toBe(0);
    expect(outcomes().map(({ kind }) => kind)).toEqual(['terminated', 'terminated', 'terminated', 'terminated']);
    const again = server.requests.slice(before).filter(({ path }) => path.endsWith('/chat/completions'));
    expect(again.length, 'a preflight and what was owed').toBe(3);
  },
  60_000,
);

test.runIf(isWhole)(
  'one policy of several whose endpoint goes down is given up, and the others go on; the same command does the rest',
  async () => {
    let isDown = true;
    let chats = 0;
    const listing = { body: { data: [{ id: 'tiny' }] } };
    await using weak = await fakeServer(({ path }) => {
      if (path.endsWith('/models')) return listing;
      return isDown && ++chats > 1 ? { status: 400, body: { error: 'out of memory' } } : { body: finish };
    });
    await using strong = await fakeServer(({ path }) => (path.endsWith('/models') ? listing : { body: finish }));
    vi.stubEnv('OPENAI_BASE_URL', '');
    const policies = [`weak=${at(weak.url)}`, `strong=${at(strong.url)}`].flatMap((one) => ['--policy', one]);
    const out = join(temporaryFolder(), 'run');
    const command = ['run', ...policies, '--limit', '3', '--concurrency', '1', '--no-preflight', '--out', out] as const;
    const played = () => {
      const records = readFileSync(join(out, 'trajectories.jsonl'), 'utf8').trimEnd().split('\n');
      return Object.groupBy(records, (line) =>
        (JSON.parse(line) as Trajectory).policy.includes(weak.url.slice(-5)) ? 'weak' : 'strong',
      );
    };

    const first = await toolstone(...command);
    expect(first.code, first.stderr).toBe(2);
    expect(
      first.stderr.match(
        /weak stops here, and the other policies continue\. .*answered 400: out of memory\. Asked: .*Start it/g,
      ),
    ).toHaveLength(1);
    expect([played().weak?.length, played().strong?.length]).toEqual([1, 3]);
    expect(first.stdout).toMatch(/unplayed.*\nweak .* 2 .*\nstrong .* 0 /);
    expect(first.stdout).toMatch(
      /weak: the policy stopped; fix the cause and re-run the same command to play the rest\. .*out of memory/,
    );

    isDown = false;
    const second = await toolstone(...command);
    expect(second.code, second.stderr).toBe(0);
    expect([played().weak?.length, played().strong?.length]).toEqual([3, 3]);
  },
  60_000,
);

test.runIf(isWhole)(
  'a preflight of one token comes before the first episode, unless it is declined',
  async () => {
    await using server = await fakeServer(({ path }) => {
      if (path.endsWith('/models')) return { body: { data: [{ id: 'tiny' }] } };
      return path.startsWith('/v1/') ? { body: finish } : { status: 404, body: { error: 'no such route' } };
    });
    const command = ['run', '--policy', 'openai:tiny', '--limit', '1', '--concurrency', '1'] as const;
    const out = join(temporaryFolder(), 'run');
    vi.stubEnv('OPENAI_BASE_URL', server.url);
    const wrong = await toolstone(...command, '--out', out);
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringMatching(/answered 404: no such route.*Is "\/v1" missing\?/),
    ]);
    expect(existsSync(out), 'no folder was made').toBe(false);
    vi.stubEnv('OPENAI_BASE_URL', `${server.url}/v1`);
    const bounds = async (...more: string[]) => {
      const from = server.requests.length;
      const { code, stderr } = await toolstone(...command, '--out', out, '--fresh', ...more);
      expect(code, stderr).toBe(0);
      return server.requests.slice(from).flatMap(({ body }) => (body === null ? [] : [body.max_tokens]));
    };
    expect(await bounds()).toEqual([1, 1024]);
    expect(await bounds('--no-preflight')).toEqual([1024]);
  },
  60_000,
);

const note = (text: string) => text.replaceAll(/[^]*LONG/g, 'LONG');

const task = (id: string, prompt: string) =>
  `  - { id: ${id}, prompt: "${prompt}", servers: [calc], checks: [{ answer: { equals: "" } }] }\n`;

const at = (url: string) => `openai:tiny?base-url=${encodeURIComponent(`${url}/v1`)}`;

const answering = (isFull: boolean) =>
  fakeServer(({ path, body }) => {
    if (path.endsWith('/models')) return { body: { data: [{ id: 'tiny' }] } };
    const isLong = note(body.messages.at(-1)?.content ?? '').startsWith('LONG');
    if (isFull && isLong) return { status: 400, body: { error: { message: 'x', code: 'context_length_exceeded' } } };
    return { body: finish };
  });

test.runIf(isWhole)(
  'several endpoints stand in one run, each named whole; a third of the episodes at the context limit is a third unsolved',
  async () => {
    await using small = await answering(true);
    await using large = await answering(false);
    vi.stubEnv('OPENAI_BASE_URL', '');
    const folder = temporaryFolder();
    const tasks = join(folder, 'tasks.yaml');
    writeFileSync(tasks, `tasks:\n${task('a', 'End it.')}${task('b', 'End it now.')}${task('c', 'LONG. End it.')}`);
    const out = join(folder, 'run');
    const policies = ['--policy', at(small.url), at(large.url)];
    const { code, stderr } = await toolstone('run', ...policies, '--tasks', tasks, '--concurrency', '1', '--out', out);
    expect(code, stderr).toBe(0);
    const { rows } = JSON.parse(readFileSync(join(out, 'tables', 'algorithms.json'), 'utf8')) as {
      rows: { void_episodes: number; ended_by_context: number; verifier_success: { value: number } }[];
    };
    const figures = rows.map((row) => [row.void_episodes, row.ended_by_context, row.verifier_success.value]);
    expect(figures).toEqual([
      [0, 1, expect.closeTo(2 / 3)],
      [0, 0, 1],
    ]);
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')) as { jobs: { name: string }[] };
    expect(manifest.jobs.every(({ name }) => /^[^/?]*\/seed-1$/.test(name))).toBe(true);
  },
  90_000,
);

test.runIf(isWhole)(
  'a ceiling holds before the call, what it cuts is told and not void, and a higher one goes on',
  async () => {
    await using server = await fakeServer(({ path }) =>
      path.endsWith('/models') ? { body: { data: [{ id: 'tiny' }] } } : { body: finish },
    );
    vi.stubEnv('OPENAI_BASE_URL', `${server.url}/v1`);
    const out = join(temporaryFolder(), 'run');
    const words = [
      'run',
      '--policy',
      'openai:tiny',
      '--limit',
      '3',
      '--concurrency',
      '1',
      '--out',
      out,
      '--no-preflight',
    ];
    const chats = () => server.requests.filter(({ path }) => path.endsWith('/chat/completions')).length;

    const none = await toolstone(...words, '--total-tokens', '1200');
    expect(none.code, none.stderr).toBe(3);
    expect(none.stdout).toMatch(/of 1200 tokens 0 are used, and the next call may take \d{4}/);
    expect(chats(), 'nothing was asked').toBe(0);

    const some = await toolstone(...words, '--total-tokens', '3200');
    expect(some.code, some.stderr).toBe(0);
    expect(some.stdout).toMatch(/1 of 1 task not solved\n.*\n {2}– 2 not played/);
    expect(some.stdout).toMatch(/policy +split +success +n +unplayed/);
    expect(some.stderr).not.toMatch(/void/);
    expect(chats()).toBe(1);

    const prices = join(out, '..', 'prices.json');
    writeFileSync(
      prices,
      JSON.stringify({ date: '2026-01-31', currency: 'EUR', models: { tiny: { input: 1, output: 2 } } }),
    );
    const refused = await toolstone(...words, '--total-money', '1');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/No price is known of openai:tiny/)]);
    const dear = await toolstone(...words, '--total-money', '0.000001', '--prices', prices);
    expect(dear.stdout).toMatch(/in money 0\.0000 is used, and the next call may cost 0\.00/);
    expect(chats()).toBe(1);

    const all = await toolstone(...words, '--total-money', '1', '--prices', prices);
    expect(all.code, all.stderr).toBe(0);
    expect(all.stdout).toMatch(/money\n.* 0\.00\d\d EUR\n/);
    expect(all.stdout).toMatch(/prices\.json, 2026-01-31/);
    expect(chats()).toBe(3);
    const unknown = await toolstone(...words);
    expect(unknown.stdout).toMatch(/ unknown\n/);
  },
  180_000,
);
