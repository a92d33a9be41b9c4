import { expect, test } from 'vitest';
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
    if (typeof says === 'string') expect(last && shown(last)).toContain(says);
    else expect(last && shown(last)).toMatch(says);
    await expectUntouched(sandbox);
  } finally {
    sandbox.close();
  }
});
