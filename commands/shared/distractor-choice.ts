import { resolve } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import type { DistractorChoice } from '../../envs/distractors/choice.ts';
import { readRequest } from '../../envs/distractors/request.ts';

/** What was asked for by `tools`, such as `300?near=0.2`, and `pool`; undefined where nothing was. Throws `UsageError`. */
export function distractorChoice({
  tools,
  pool,
}: {
  readonly tools?: string | undefined;
  readonly pool?: string | undefined;
}): DistractorChoice | undefined {
  if (tools !== undefined) return { ...readRequest(tools), ...(pool === undefined ? {} : { pool: resolve(pool) }) };
  if (pool === undefined) return undefined;
  throw new UsageError('--pool says where added servers come from: say how many tools with --tools.');
}
