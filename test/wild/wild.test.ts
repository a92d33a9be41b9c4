import pLimit from 'p-limit';
import { describe, test } from 'vitest';
import { caseNames, expectedOf, runCase } from './lib/case.ts';
import { isWhole } from '../whole.ts';

/**
 * What real endpoints and servers send, each case by the command line with a scripted model or a bare server. A folder in
 * `cases` is a case; the whole suite runs all of them, the short one that which says `always`.
 */
/** A case waits about half of its time. */
const limit = pLimit(3);

describe.concurrent('wild', () => {
  for (const name of caseNames) {
    const { todo, always = false } = expectedOf(name);
    if (todo !== undefined) test.todo(`${name} (${todo})`);
    else test.skipIf(!isWhole && !always)(name, () => limit(() => runCase(name)), 600_000);
  }
});
