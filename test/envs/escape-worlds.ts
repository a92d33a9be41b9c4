import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ToolResult, World } from '../../core/types.ts';
import { type Attempt, SERVERS } from './escape-attempts.ts';

/** Text of every canary, outside and in each server's folder. */
export const WHOLE = 'whole\n';

export const files = Object.fromEntries(
  SERVERS.map((server) => [server, { [server === 'memory-bank' ? 'garden/canary.txt' : 'canary.txt']: WHOLE }]),
);
export const everywhere = { servers: SERVERS, files };

export const play = ({ call }: World, { server, tool, arguments: args }: Attempt) => call(server, tool, args);

/** Nothing came, went or changed in a folder that holds one canary. */
export function expectOnlyCanary(folder: string, what: string): void {
  expect(readdirSync(folder), what).toEqual(['canary.txt']);
  expect(readFileSync(join(folder, 'canary.txt'), 'utf8'), what).toBe(WHOLE);
}

/** They say of each path apart what came of it. */
const ANSWERS_EACH = new Set(['read_multiple_files']);

export function expectRefusals(results: readonly { attempt: Attempt; result: ToolResult }[]): void {
  for (const { attempt, result } of results) {
    const what = JSON.stringify([attempt, result]);
    expect(result.text, what).toMatch(/\w{3}/);
    expect(result.text, what).not.toContain('whole');
    if (!ANSWERS_EACH.has(attempt.tool)) expect(result.isError, what).toBe(true);
  }
}
