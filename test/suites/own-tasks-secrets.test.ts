import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTaskFile } from '../../suites/own-tasks/read.ts';
import { addOwnServers } from '../../suites/own-tasks/servers.ts';
import { temporaryFolder, toolstone } from '../cli/toolstone.ts';
import { ownServer, task, taskFolder } from './own-tasks-files.ts';

const { taskFile } = taskFolder();
// Quotes and a line break, which JSON writes otherwise; the second stands in the file itself.
const planted = 'pl4nted "quoted"\nsecret/value';
const written = 'written-in-the-file-0815';

const call = (tool: string, args = {}) => ({ server: 'own', tool, arguments: args });
/** How a secret may be written. */
const forms = (secret: string) => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64').slice(0, -4),
  secret.slice(0, 12),
];

beforeAll(() => void (process.env['PLANTED_TOKEN'] = planted));
afterAll(() => void delete process.env['PLANTED_TOKEN']);

test(
  'no secret reaches a run folder or the terminal, whatever the server does with it',
  { timeout: 60_000 },
  async () => {
    const ordinary = { MODE: '${OWN_MODE:-plain}', DEFAULT_GUEST: 'Ann Leeds', BOOKINGS_FILE: 'bookings.json' };
    const own = ownServer({ OWN_TOKEN: '${PLANTED_TOKEN}', API_KEY: written, ...ordinary });
    const path = taskFile({
      mcpServers: { own },
      tasks: [
        task({ plan: [call('environment'), ...(task().plan ?? [])] }),
        // A server's folder is evidence; set-up makes start facts too.
        task({
          id: 'two',
          setUp: [call('write', { path: 'token.txt' })],
          plan: [call('write', { path: 'again.txt' }), call('read', { path: 'token.txt' })],
        }),
        task({ id: 'three', plan: [call('die')] }),
        task({
          id: 'four',
          checks: [
            {
              script: [
                'node',
                '-e',
                'process.stderr.write(require("fs").readFileSync(process.argv[1] + "/t.txt")); process.exit(9)',
                '{own}',
              ],
            },
          ],
          plan: [call('write', { path: 't.txt' })],
        }),
      ],
    });
    const out = join(temporaryFolder(), 'run');
    const { code, stdout, stderr } = await toolstone(
      'run',
      '--policy',
      'oracle',
      '--view',
      'eager',
      '--tasks',
      path,
      '--out',
      out,
    );
    // Two of four episodes are void: the server died in one, the script of the other is none. It ran all the same.
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('concealed wherever they appear, also from the policy: PLANTED_TOKEN, API_KEY.');
    const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const texts = [
      ...files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8')),
      stdout,
      stderr,
    ];
    for (const text of texts)
      for (const form of [...forms(planted), ...forms(written)]) expect(text).not.toContain(form);
    const [trajectories = '', systems = '', manifest = ''] = [
      'trajectories.jsonl',
      'systems.jsonl',
      'manifest.json',
    ].map((name) => readFileSync(join(out, name), 'utf8'));
    // It was said in a result, in a file, at the start, in last words, and in a tool's description.
    const label = '[secret PLANTED_TOKEN]';
    const records = trajectories
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.map(({ outcome }) => outcome.culprit ?? outcome.kind)).toEqual([
      'task',
      'terminated',
      'world',
      'terminated',
    ]);
    const byId = (id: string) => records.find(({ key }) => key.task.endsWith(id));
    expect(byId('one').turns[0].calls[0].observation.text).toContain(
      `"OWN_TOKEN":"${label}","API_KEY":"[secret API_KEY]","MODE":"plain","DEFAULT_GUEST":"Ann Leeds","BOOKINGS_FILE":"bookings.json"`,
    );
    expect(byId('one').turns[0].calls[0].observation.text).toContain(`"encoded":"${label}`);
    expect(byId('two').evidence.own).toContain(JSON.stringify(['file', 'again.txt', label]));
    expect(byId('two').start.own).toEqual([JSON.stringify(['file', 'token.txt', label])]);
    expect(byId('three').outcome.message).toContain(`starting with ${label}`);
    expect(systems).toContain(label);
    expect(manifest).toMatch(/"suite": "tasks-1@[0-9a-f]{12}"/);
    expect(manifest).not.toContain(path);
    const root = JSON.stringify(process.cwd()).slice(1, -1);
    expect(trajectories + systems, 'nor does a path of this machine').not.toContain(root);
  },
);

test('missing variables are named all at once, each with its line', () => {
  const path = taskFile({
    mcpServers: {
      a: { command: '${NOWHERE_A}', args: ['${NOWHERE_B}', '${NOWHERE_C:-fine}'], env: { B: '${B.C}' } },
      b: { url: 'https://${NOWHERE_D}/', headers: { Authorization: 'Bearer ${NOWHERE_E}' } },
      c: { url: 'ftp://example.org' },
    },
    tasks: [task({ servers: ['a'], checks: [{ unchanged: 'a' }], plan: [] })],
  });
  const said = () => addOwnServers(readTaskFile(path));
  expect(said).toThrow(
    /:3: mcpServers\.a\.command: the environment has no NOWHERE_A: set it, or write \$\{NOWHERE_A:-default\}/,
  );
  expect(said).toThrow(/mcpServers\.a\.args\[0\]: the environment has no NOWHERE_B/);
  expect(said).toThrow(/mcpServers\.a\.env\.B: \$\{B\.C\} names no variable: write \$\{NAME\}/);
  expect(said).toThrow(/mcpServers\.b\.url: the environment has no NOWHERE_D/);
  expect(said).toThrow(/mcpServers\.b\.headers\.Authorization: the environment has no NOWHERE_E/);
  expect(said).toThrow(/mcpServers\.c\.url: must be an address that begins with http/);
  expect(said).not.toThrow(/NOWHERE_C/);
});
