import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Case } from '../../lib/case.ts';
import { startEndpoint } from '../../lib/endpoint.ts';
import model from './model.ts';

/** Record and tables say that replies were cut at the bound. */
const lengthCut: Case = async ({ folder, scratch, command, episodes }) => {
  await using endpoint = await startEndpoint(model);
  const run = join(scratch, 'run');
  const words = ['run', '--policy', 'openai:stub', '--tasks', join(folder, 'tasks.yaml'), '--out', run];
  const { code, stderr } = await command(words, { OPENAI_BASE_URL: `http://127.0.0.1:${endpoint.port}/v1` });
  expect(code, stderr).toBe(0);
  expect(episodes(run).flatMap(({ turns }) => turns.map(({ finishReason }) => finishReason))).toContain('length');
  expect(readFileSync(join(run, 'tables', 'algorithms.csv'), 'utf8')).toMatch(/cut/);
};
export default lengthCut;
