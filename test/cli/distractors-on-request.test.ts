import { describe, expect, test } from 'vitest';
import { amongDistractors } from '../../commands/shared/distractors.ts';
import { openSuite } from '../../commands/shared/library.ts';
import type { Distractors } from '../../core/distractor-types.ts';
import type { Manifest } from '../../core/run-types.ts';
import type { Suite } from '../../core/types.ts';
import { housePool } from '../../envs/distractors/pool.ts';
import { readRequest } from '../../envs/distractors/request.ts';
import { serverDefinition, serverNames } from '../../envs/server-list.ts';
import { fixtureOf } from '../../envs/state/fixture.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { drawnIn } from '../../suites/tasks/with-distractors.ts';
import { recordedSuite } from '../../suites/tasks/without-servers.ts';

const among = (suite: Suite, asked: string): Suite =>
  amongDistractors(suite, new Set(suite.splits), readRequest(asked));

/** Around the tasks of `micro`, with these servers. */
const drawnByHand = (...drawn: readonly string[]): Distractors => {
  const own = ['filesystem', 'memory'];
  const counts = { tools: 0, listedTools: 0, nearTools: 0, clashWithOwn: 0, clashingTools: 0 };
  return { asked: 'by hand', sets: [{ own, servers: [...own, ...drawn], ...counts }] };
};

const isListed = (name: string) => serverDefinition(name).listed !== undefined;

describe('a server that is added on request', () => {
  test('is listed where a suite has it drawn, and run again in a suite that is opened afterwards', async () => {
    const manifest = { suite: 'micro', distractors: drawnByHand('github', 'excel'), jobs: [] } as unknown as Manifest;
    const doors: readonly (() => Promise<Suite>)[] = [
      () => openSuite('micro'),
      async () => amongDistractors(await suiteNamed('micro'), new Set(['test']), undefined),
      () => recordedSuite({ suite: 'micro', jobs: [] }),
      () => recordedSuite({ ...manifest, distractors: drawnByHand('github') }),
    ];
    for (const open of doors) {
      await recordedSuite(manifest);
      expect(isListed('excel')).toBe(true);
      expect(isListed('ohno-tasks')).toBe(false);
      await open();
      expect(isListed('excel')).toBe(false);
    }
    const { facts } = fixtureOf(serverDefinition('excel'));
    expect(facts).not.toBeNull();
  });

  test('surrounds tasks of a suite that a program opens among so many tools', async () => {
    const micro = await openSuite('micro', { tools: '300' });
    expect(micro.distractors).toEqual(among(await suiteNamed('micro'), '300').distractors);
    await expect(openSuite('micro', { pool: 'servers.json' })).rejects.toThrow('say how many tools with --tools');
  });

  test('is not listed by looking at what could be drawn, nor by a draw that fails', async () => {
    const micro = await openSuite('micro');
    expect(housePool(new Set())).toContain('excel');
    expect(() => among(micro, '90000')).toThrow('--tools asks for 90000 tools');
    expect(isListed('excel')).toBe(false);
  });

  test('is listed around tasks where it is drawn, and no other is', async () => {
    const { distractors } = among(await suiteNamed('micro'), '300');
    const drawn = drawnIn(distractors?.sets ?? []);
    const onRequest = serverNames.filter((name) => isListed(name));
    expect(onRequest.length).toBeGreaterThan(0);
    expect(onRequest.filter((name) => !drawn.has(name))).toEqual([]);
  });
});
