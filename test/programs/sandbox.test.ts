import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { programLimits } from '../../envs/programs/limits.ts';
import type { GuestCall, GuestResult, ProgramEnd } from '../../envs/programs/messages.ts';
import { openSandbox, type CarryOut, type Sandbox } from '../../envs/programs/sandbox.ts';
import { attempts } from './attempts.ts';

/** As usual, but for what takes time to use up. */
const limits = { ...programLimits, memoryPages: 768, fuelTicks: 1_000 };
const { signal } = new AbortController();
const servers = ['fs', '__proto___'];

const answer = ({ tool, args }: GuestCall): GuestResult =>
  tool === 'fail'
    ? { isOk: false, message: 'no such thing' }
    : { isOk: true, json: JSON.stringify({ tool, args: JSON.parse(args) as unknown }) };
const carryOut: CarryOut = async (calls) => calls.map(answer);

const shown = ({ log, said, notes }: ProgramEnd): string => [...log, said, ...notes].filter(Boolean).join('\n');

/** What an untouched sandbox says of itself. */
const probe = `
const strange = Object.keys({}).length + [].concat([1]).length - 1;
const echo = await fs.echo({ n: 1 });
return [strange, [1, 2].map((n) => n + 1), JSON.stringify({ a: 1 }), echo.args.n, typeof process, Math.random() < 1, Date.now() > 0]`;
const untouched = '[0,[2,3],"{\\"a\\":1}",1,"undefined",true,true]';

async function expectUntouched(sandbox: Sandbox): Promise<void> {
  const end = await sandbox.run(probe, carryOut, signal);
  expect(shown(end)).toBe(untouched);
}

test('there are sixty attempts and more', () => {
  expect(attempts.length).toBeGreaterThanOrEqual(60);
  expect(new Set(attempts.map(({ what }) => what)).size).toBe(attempts.length);
});

test.each(attempts)('$what: contained, told, and gone with the next program', async ({ programs, says }) => {
  const sandbox = openSandbox({ seed: 1, servers, limits });
  try {
    let last: ProgramEnd | undefined;
    for (const code of programs) last = await sandbox.run(code, carryOut, signal);
    const all = last ? shown(last) : '';
    expect(typeof says === 'string' ? all.includes(says) : says.test(all), all.slice(0, 400)).toBe(true);
    await expectUntouched(sandbox);
  } finally {
    sandbox.close();
  }
});

test('this thread stays free while a program works, and the clock ends what no interrupt reaches', async () => {
  const sandbox = openSandbox({ seed: 1, servers, limits: { ...limits, fuelTicks: 1e9, wallMilliseconds: 5_000 } });
  let beats = 0;
  const heart = setInterval(() => beats++, 5);
  try {
    await sandbox.run('const kept = 3, lost = () => 1; return 1', carryOut, signal);
    const end = await sandbox.run('while (true);', carryOut, signal);
    expect(shown(end)).toContain('it worked for more than 5 seconds without a call');
    expect(shown(end)).toContain('but for lost, lost since no JSON says what it was');
    expect(beats).toBeGreaterThan(5);
    expect(shown(await sandbox.run('return kept', carryOut, signal))).toBe('3');
  } finally {
    clearInterval(heart);
    sandbox.close();
  }
});

test('a program knows nothing of the time zone of the machine', () => {
  const sandboxModule = new URL('../../envs/programs/sandbox.ts', import.meta.url).href;
  const script = `const { openSandbox } = await import(${JSON.stringify(sandboxModule)});
const sandbox = openSandbox({ seed: 1, servers: [] });
const code = 'return [new Date(2026, 6, 1).toISOString(), new Date().getTimezoneOffset(), String(new Date(0))]';
process.stdout.write((await sandbox.run(code, async () => [], new AbortController().signal)).said);
sandbox.close();`;
  const env = { ...process.env, TZ: 'America/New_York' };
  const folder = mkdtempSync(join(tmpdir(), 'toolstone-zone-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'zone.mjs'), script);
  const said = execFileSync(process.execPath, [join(folder, 'zone.mjs')], { encoding: 'utf8', env });
  expect(said).toContain('"2026-07-01T00:00:00.000Z",0,"Thu Jan 01 1970 00:00:00 GMT+0000');
});
