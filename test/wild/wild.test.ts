import pLimit from 'p-limit';
import { describe, test } from 'vitest';
import { caseNames, expectedOf, runCase } from './lib/case.ts';

/**
 * What real endpoints and servers send, each case by the command line with a scripted model or a bare server. A folder in
 * `cases` is a case; `TOOLSTONE_WILD=1` asks for all of them, without it those that say `always` are run.
 */
const isAll = process.env['TOOLSTONE_WILD'] === '1';
/** A case waits about half of its time. */
const limit = pLimit(3);

describe.concurrent('wild', () => {
  for (const name of caseNames) {
    const { todo, always = false } = expectedOf(name);
    if (todo !== undefined) test.todo(`${name} (${todo})`);
    else test.skipIf(!isAll && !always)(name, () => limit(() => runCase(name)), 600_000);
  }
});
