import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { chooseOwnServers } from '../../envs/client-files/choice.ts';
import type { Importer } from '../../suites/importers/reading/importer.ts';
import { importerNamed } from '../../suites/importers/reading/importer-list.ts';
import { useServerMap } from '../../suites/importers/reading/servers.ts';

const samples = join(import.meta.dirname, '../../suites/importers/samples');
const inputs: Readonly<Record<string, string>> = {
  'mcp-atlas': 'sample_tasks.csv',
  'mcp-bench': 'tasks_single_runner_format.json',
  'live-mcp-bench': 'tasks.json',
};
const importers = new Map(
  await Promise.all(Object.keys(inputs).map(async (name) => [name, await importerNamed(name)] as const)),
);

const read = (name: string) => (importers.get(name) as Importer).read(join(samples, name, inputs[name] ?? ''));
const skippedIn = (name: string, id: string) => read(name).skipped.find((one) => one.id.endsWith(id));
const serversIn = (name: string, id: string) => read(name).file.tasks.find((one) => one.id.endsWith(id))?.servers;

describe("the benchmark's servers as one's own", () => {
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-own-servers-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let copies = 0;
  const useServers = (blocks: object): void => {
    const file = join(folder, `mcp-${(copies += 1)}.json`);
    writeFileSync(file, JSON.stringify({ mcpServers: blocks }));
    chooseOwnServers({ file, isReal: false, programs: {} });
  };
  const useMap = (map: object): void => {
    const path = join(folder, `map-${(copies += 1)}.json`);
    writeFileSync(path, JSON.stringify(map));
    useServerMap(path);
  };
  afterEach(() => {
    chooseOwnServers({ isReal: false, programs: {} });
    useServerMap(undefined);
  });
  test('without them a record says which is missing, under which package it is published, and what brings it in', () => {
    expect(skippedIn('mcp-bench', 'wikipedia_math_mcp_000')).toMatchObject({
      reason: 'needs servers that are absent here: Wikipedia (needs the network; published as wikipedia-mcp)',
      cure: expect.stringMatching(/--servers FILE.*--map FILE/),
    });
  });

  test('are found by name, whatever capitals and spaces it has', () => {
    useServers({ WIKIPEDIA: { command: 'node', args: ['wiki.mjs'] } });
    expect(serversIn('mcp-bench', 'wikipedia_math_mcp_000')).toEqual(['WIKIPEDIA', 'calc']);
    expect(serversIn('mcp-atlas', '0003')?.[0]).toBe('WIKIPEDIA');
  });

  test('are found by the published package that they start', () => {
    useServers({ encyclopedia: { command: 'uvx', args: ['wikipedia-mcp==2.0.1'] } });
    expect(serversIn('mcp-bench', 'wikipedia_math_mcp_000')?.[0]).toBe('encyclopedia');
  });

  test('are what the map says, tools too', () => {
    useServers({ lookup: { command: 'node', args: ['wiki.mjs'] } });
    useMap({ wikipedia: { server: 'lookup', tools: { get_summary: 'summary' } } });
    const task = read('mcp-atlas').file.tasks.find(({ id }) => id.endsWith('0003'));
    expect(task?.plan?.[0]).toMatchObject({ server: 'lookup', tool: 'summary' });
    useMap({ wikipedia: { server: 'lookup', tools: { search: 'find' } } });
    expect(skippedIn('mcp-atlas', '0003')).toMatchObject({
      reason: expect.stringContaining('the gold calls wikipedia_get_summary, which nothing here stands in for'),
      cure: expect.stringContaining('--map FILE'),
    });
  });

  test('that are disabled are not there', () => {
    useServers({ Wikipedia: { command: 'node', args: ['wiki.mjs'], disabled: true } });
    expect(skippedIn('mcp-bench', 'wikipedia_math_mcp_000')?.reason).toContain('Wikipedia (needs the network');
  });

  test("are all offered where annotators' tools are no more than hints", () => {
    expect(skippedIn('live-mcp-bench', '0003')?.cure).toContain('--servers FILE');
    useServers({ printer: { command: 'node', args: ['printer.mjs'] } });
    expect(serversIn('live-mcp-bench', '0003')).toEqual(['printer', 'filesystem']);
    expect(serversIn('live-mcp-bench', '0002')).toEqual(['printer', 'filesystem', 'calc']);
  });

  test.each([
    [{ Wikipedia: 'nowhere' }, /"Wikipedia": there is no server "nowhere"/],
    [{ Wikipedia: { server: 'time', tool: {} } }, /"Wikipedia": write the name of your server/],
    [{ Wikipedia: 3 }, /"Wikipedia": write the name/],
    [['Wikipedia'], /is no map/],
  ])('a map that cannot be meant is refused: %j', (map, message) => {
    expect(() => useMap(map)).toThrow(message);
  });
});
