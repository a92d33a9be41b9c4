import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const started = new URL('../../envs/processes/started.ts', import.meta.url).href;

/** Opens what may be opened, then starts a program. */
const script = `
import { openSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { refuseUnstarted } from ${JSON.stringify(started)};
try { for (;;) openSync('/dev/null'); } catch (error) { if (error.code !== 'EMFILE') throw error; }
try { refuseUnstarted(spawn('/bin/true', [], { stdio: 'pipe' }), '/bin/true'); } catch (error) { console.log(error.name + ': ' + error.message); }
`;

test('a program that cannot be started for too many open files is told with the cure', () => {
  const node = `'${process.execPath}' --input-type=module`;
  const { stdout, stderr } = spawnSync('bash', ['-c', `ulimit -n 64; ${node} -`], { input: script, encoding: 'utf8' });
  expect(stdout, stderr).toMatch(
    /^\w+: \/bin\/true cannot be started, since too many files are open\. Raise the limit/,
  );
});
