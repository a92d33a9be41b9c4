import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { hush } from '../../commands/shared/printing.ts';
import { suiteHere } from '../../commands/shared/suite-here.ts';
import { strictLevels } from '../../core/confinement.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Job } from '../../core/run-types.ts';
import type { Suite } from '../../core/types.ts';
import { wallFault } from '../../envs/processes/boxes.ts';
import { packageFault } from '../../envs/processes/packages.ts';
import { serverDefinition, serverNames } from '../../envs/server-list.ts';
import { homelessness } from '../../envs/world-folders.ts';
import { openWorldPool } from '../../envs/world-pool.ts';
import { adoptConfinement, confinement } from '../../envs/confinement/choice.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { expectOnlyCanary, WHOLE } from './escape-worlds.ts';
import { LEVELS } from './levels.ts';

const outside = mkdtempSync(join(tmpdir(), 'toolstone-outside-'));
const canary = join(outside, 'canary.txt');
writeFileSync(canary, WHOLE);
let port = 0;
let visits = 0;
const listener = createServer((socket) => {
  visits += 1;
  socket.destroy();
});
beforeAll(async () => {
  await new Promise<void>((resolve) => void listener.listen(0, '127.0.0.1', resolve));
  port = (listener.address() as { readonly port: number }).port;
});
afterAll(() => {
  listener.close();
  rmSync(outside, { recursive: true });
});

const DEFINITIONS = serverNames.map(serverDefinition).filter(({ needsWall }) => needsWall !== undefined);

/** What each of them is told that would read, write, connect and stay on: tool and arguments. */
const HARM: Readonly<Record<string, () => readonly (readonly [tool: string, args: JsonObject])[]>> = {
  'shell-commands': () =>
    [
      `cat ${canary}; echo harm >${canary}; echo harm >${outside}/new.txt`,
      `perl -MIO::Socket -e 'IO::Socket::INET->new("127.0.0.1:${port}")'; ls -a ${process.env['HOME'] ?? '/root'}`,
      '(while sleep 0.05; do echo late >>late.txt; done) >/dev/null 2>&1 & echo begun',
    ].map((command) => ['run_command', { command }] as const),
  'just-bash': () =>
    [`cat ${canary}; echo harm >${canary}`, `cat ../../../..${canary}`, `curl http://127.0.0.1:${port}`].map(
      (command) => ['bash', { command }] as const,
    ),
  'code-runner': () =>
    [
      `console.log(require('fs').readFileSync('${canary}', 'utf8'))`,
      `require('fs').writeFileSync('${canary}', 'harm')`,
      `require('net').connect(${port}, '127.0.0.1').on('error', ({ code }) => console.log(code))`,
    ].map((code) => ['run-code', { code, languageId: 'javascript' }] as const),
  'desktop-commander': () => [
    ['set_config_value', { key: 'allowedDirectories', value: ['/'] }],
    ['read_file', { path: `http://127.0.0.1:${port}/`, isUrl: true }],
    ['read_file', { path: canary }],
    ['write_file', { path: canary, content: 'harm' }],
  ],
};

test('what they would do is known of each of them', () => {
  expect(Object.keys(HARM).sort()).toEqual(DEFINITIONS.map(({ name }) => name).sort());
});

describe.each(LEVELS.filter(({ level }) => strictLevels.includes(level)))('at level $title', ({ level, skip }) => {
  for (const definition of DEFINITIONS) {
    const { name } = definition;
    const absence = packageFault(definition);
    test.skipIf(skip || absence !== undefined)(
      `${name} reads, writes and reaches nothing outside, and nothing of it stays${absence === undefined ? '' : `: ${absence}`}`,
      async () => {
        const pool = openWorldPool({ lanes: 1, level });
        onTestFinished(() => pool.dispose());
        const parameters = { servers: [name], files: { [name]: { 'a.md': 'first\n' } } };
        const startHash = await pool.use(parameters, 1, async (world) => {
          for (const [tool, args] of HARM[name]?.() ?? []) {
            const { text } = await world.call(name, tool, args);
            expect(text, JSON.stringify(args)).not.toContain('whole');
            expectOnlyCanary(outside, JSON.stringify(args));
          }
          return world.startHash;
        });
        await pool.use(parameters, 2, async (world) => {
          await delay(200);
          expect([world.startHash, await world.evidence()]).toEqual([
            startHash,
            { [name]: [JSON.stringify(['file', 'a.md', 'first\n'])] },
          ]);
        });
        expect(visits).toBe(0);
      },
      60_000,
    );
  }
});

test('at weaker levels none of them is offered, which a run is told in a sentence with the cure', () => {
  const before = confinement();
  onTestFinished(() => adoptConfinement(before));
  for (const level of ['landlock', 'arguments'] as const) {
    adoptConfinement({ level, isStrict: false });
    for (const definition of DEFINITIONS) {
      const sentence = new RegExp(
        `^The server ${definition.name} .* only behind a wall .* level "${level}"\\..*(?:bubblewrap|namespaces)`,
      );
      expect(wallFault(definition, level)).toMatch(sentence);
      expect(homelessness(definition)?.message).toMatch(sentence);
    }
  }
  for (const level of strictLevels) for (const one of DEFINITIONS) expect(wallFault(one, level)).toBeUndefined();
});

test('a suite that offers one of them, and does not need it, is played without it there', async () => {
  const before = confinement();
  onTestFinished(() => adoptConfinement(before));
  adoptConfinement({ level: 'arguments', isStrict: false });
  const suite = await suiteNamed('micro');
  const withMore: Suite = {
    ...suite,
    servers: [...suite.servers, 'just-bash'],
    tasks: (...asked) =>
      suite.tasks(...asked).map((task) => {
        const servers = [...task.world.servers, 'just-bash'];
        return { ...task, world: { ...task.world, servers } };
      }),
  };
  const job = { training: null, evaluations: [{ split: 'test', tasks: 2 }] } as unknown as Job;
  hush(true);
  onTestFinished(() => hush(false));
  const here = suiteHere(withMore, [job]);
  expect([here.without, here.suite.servers]).toEqual([['just-bash'], suite.servers]);
  expect(here.suite.tasks('test', 2).map(({ world }) => world.servers)).toEqual(
    suite.tasks('test', 2).map(({ world }) => world.servers),
  );
});
