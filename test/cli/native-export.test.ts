import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import type { Manifest } from '../../core/run-types.ts';
import { callsOf, type ScoredTrajectory } from '../../core/trajectory.ts';
import { offeredIn } from '../../commands/shared/offered-tools.ts';
import { temporaryFolder, toolstone } from './toolstone.ts';

interface Row {
  readonly conversation: {
    readonly messages: readonly {
      readonly role: string;
      readonly name?: string;
      readonly tool_calls?: readonly Called[];
    }[];
    readonly tools: readonly { readonly function: { readonly name: string; readonly parameters: JsonObject } }[];
  };
}
interface Called {
  readonly function: { readonly name: string; readonly arguments: JsonObject };
}
const linesOf = <Line>(path: string): Line[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);

test('an export of a run in the view native has the functions, and the calls as the policy wrote them', async () => {
  const out = join(temporaryFolder(), 'run');
  const flags = ['--suite', 'micro', '--policy', 'oracle', '--limit', '1', '--view', 'native', 'tool'];
  const run = await toolstone('run', ...flags, '--out', out);
  expect(run.code, run.stderr).toBe(0);
  const file = join(out, 'sft.jsonl');
  const exported = await toolstone('export', out, '--out', file);
  expect(exported.code, exported.stderr).toBe(0);

  const episodes = linesOf<ScoredTrajectory>(join(out, 'trajectories.jsonl'));
  const rows = linesOf<Row>(file);
  expect(rows.length).toBe(episodes.length);
  const offered = await offeredIn(out, undefined);
  for (const [place, episode] of episodes.entries()) {
    const { messages, tools } = (rows[place] as Row).conversation;
    const names = tools.map((tool) => tool.function.name);
    expect(names, episode.view).toEqual(offered(episode).map(({ name }) => name));
    const written = callsOf(episode).map(({ action, written: own = action }) => own);
    const calls = messages.flatMap(({ tool_calls: all = [] }) => all.map((call) => call.function));
    expect(calls).toEqual(written);
    expect(messages.flatMap(({ role, name }) => (role === 'tool' ? [name] : []))).toEqual(
      written.map(({ name }) => name),
    );
    for (const { name } of calls) expect(names).toContain(name);
    expect(names.includes('call_tool')).toBe(episode.view === 'tool');
  }
  expect(new Set(episodes.map(({ view }) => view))).toEqual(new Set(['native', 'tool']));

  const path = join(out, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  const [server = ''] = Object.keys(manifest.servers);
  const servers = { ...manifest.servers, [server]: { ...manifest.servers[server], schemaHash: 'other' } };
  writeFileSync(path, JSON.stringify({ ...manifest, servers }));
  await expect(offeredIn(out, undefined)).rejects.toThrow(
    new RegExp(`^The server ${server} offers other tools than when .* was made with `),
  );
});
