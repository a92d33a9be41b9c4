import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder, toolstone } from './toolstone.ts';

const run = (policy: string, view: string, ...more: readonly string[]) =>
  toolstone(
    'run',
    '--policy',
    policy,
    '--view',
    view,
    '--limit',
    '1',
    '--out',
    join(temporaryFolder(), 'run'),
    ...more,
  );

test('before a run it is told that an endpoint takes fewer functions than there are', async () => {
  const sure = await run('openai:some', 'native', '--suite', 'broad');
  expect(sure.code, sure.stderr).toBe(2);
  expect(sure.stderr).toMatch(
    /https:\/\/api\.openai\.com\/v1 takes at most 128 functions in a request, and in the view native there are \d+\. Choose another view/,
  );
  const elsewhere = await run('openai:some?base-url=http://127.0.0.1:9/v1', 'native', '--suite', 'broad');
  expect(elsewhere.stderr).toMatch(/many endpoints take at most 128, perhaps http:\/\/127\.0\.0\.1:9\/v1 too\./);
});

test('wrong settings of a view are told before a run, and what cannot be served is not', async () => {
  const wrong = await run('oracle', 'search?k=0', '--suite', 'micro');
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/k is a whole number from 1 to 50/)]);
  // Its splits have other servers each, and none of them is `train`.
  const out = join(temporaryFolder(), 'run');
  const served = await toolstone('serve', '--suite', 'ood', '--view', 'native', '--limit', '1', '--out', out);
  expect([served.code, served.stderr]).toEqual([2, expect.stringMatching(/trainers fix their tools before the first/)]);
});
