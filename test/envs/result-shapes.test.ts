import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { seenResults } from '../../commands/shared/seen-results.ts';
import { declarationsOf } from '../../core/declarations/declarations.ts';
import type { Tool } from '../../core/types.ts';
import { schemaFault, valueFaults } from '../../envs/argument-check.ts';
import { isOfVersion, keptShapes, shapesOf, shownAs, withResultShape } from '../../envs/result-shapes/result-shapes.ts';
import { serverPackage } from '../../envs/processes/packages.ts';
import { addServers, serverDefinition } from '../../envs/server-list.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import micro from '../../suites/micro.ts';
import { OFFERED } from './offered-servers.ts';

const pool = openWorldPool({ lanes: 1 });
afterAll(() => pool.dispose());

const offered = Object.entries(keptShapes).filter(([server]) => OFFERED.includes(server));

describe.each(offered)('the kept shapes of results of %s', (server, kept) => {
  test('are of the version that is installed, and of tools that it has', () => {
    const { package: name } = serverDefinition(server);
    expect([kept.package, kept.version]).toEqual([name, serverPackage(serverDefinition(server)).version]);
    const tools = toolspaceOf([server]).tools.map((tool) => tool.name);
    for (const [tool, shape] of Object.entries(kept.tools)) {
      expect(tools).toContain(tool);
      expect(schemaFault(shape)).toBeUndefined();
    }
  });
});

test('servers that come with Toolstone have some', () => {
  const own = OFFERED.filter((server) => !serverDefinition(server).onRequest);
  expect(own.filter((server) => !(server in keptShapes))).toEqual([]);
});

test('calls of today look as those that were kept, and are the same each time', async () => {
  const tasks = micro.tasks('test', 2);
  const [seen, again] = [await seenResults(tasks, pool), await seenResults(tasks, pool)];
  expect(shapesOf(again)).toEqual(shapesOf(seen));
  expect(seen.size).toBeGreaterThan(0);
  for (const [server, results] of seen)
    for (const [tool, values] of results)
      for (const value of values) {
        const shape = keptShapes[server]?.tools[tool];
        expect(shape, `${server}.${tool}`).toBeDefined();
        expect(shape && valueFaults(shape, value, `${server}.${tool}`)).toBeUndefined();
      }
}, 120_000);

test('the page on programs shows a tool as it is declared', () => {
  const tool = toolspaceOf(['memory']).tools.find(({ name }) => name === 'search_nodes') as Tool;
  const page = readFileSync(new URL('../../docs/programs.md', import.meta.url), 'utf8');
  expect(page).toContain(`\`\`\`ts\n${declarationsOf([withResultShape(tool)])}\`\`\`\n`);
});

describe('a tool', () => {
  const [listed] = toolspaceOf(['memory']).tools;
  const tool = listed as Tool;
  test('of the catalogue is given its shape, once', () => {
    expect(withResultShape(tool).resultShape).toEqual(keptShapes['memory']?.tools[tool.name]);
    expect(withResultShape(tool)).toBe(withResultShape(tool));
  });
  test('that has an output schema keeps to it', () => {
    const own = { ...tool, outputSchema: { type: 'object' } };
    expect(withResultShape(own)).toBe(own);
  });
  test('of no server of the catalogue, or of another version, has none', () => {
    const other = { ...tool, server: 'shop' };
    expect(withResultShape(other)).toBe(other);
    const kept = { package: '@modelcontextprotocol/server-memory', version: '0.0.1', tools: {} };
    expect(isOfVersion(serverDefinition('memory'), kept)).toBe(false);
  });
  test('that is shown under other names keeps its shape, or that it has none, whatever these names stand for', () => {
    const shown = { ...tool, server: 'other', name: 'other' };
    expect(withResultShape(shownAs(tool, shown))).toEqual({ ...shown, resultShape: withResultShape(tool).resultShape });
    const alike = { ...tool };
    expect(withResultShape(shownAs({ ...tool, server: 'shop' }, alike))).toBe(alike);
  });
  test("of a user's own server with the name of one of the catalogue has none", () => {
    addServers([{ ...serverDefinition('memory'), own: {} as never }]);
    const own = { ...tool };
    expect(withResultShape(own)).toBe(own);
  });
});
