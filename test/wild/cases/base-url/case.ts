import { join } from 'node:path';
import { expect } from 'vitest';
import type { Case } from '../../lib/case.ts';
import { startEndpoint } from '../../lib/endpoint.ts';
import model from './model.ts';

/** Addresses as people give them work, or one sentence names what to change. */
const baseUrl: Case = async ({ folder, scratch, command }) => {
  await using endpoint = await startEndpoint(model);
  const at = `127.0.0.1:${endpoint.port}`;
  const run = (policy: string, environment: NodeJS.ProcessEnv) =>
    command(
      ['run', '--policy', policy, '--tasks', join(folder, 'tasks.yaml'), '--out', join(scratch, 'run'), '--fresh'],
      environment,
    );
  const bare = await run('openai:stub', { OPENAI_BASE_URL: `http://${at}` });
  expect(bare.code === 0 || /Is "\/v1" missing\?/.test(bare.stderr), bare.stderr).toBe(true);
  const route = await run('openai:stub', { OPENAI_BASE_URL: `http://${at}/v1/chat/completions` });
  expect(route.code, route.stderr).toBe(0);
  for (const host of [`0.0.0.0:${endpoint.port}`, `:${endpoint.port}`]) {
    const { code, stderr } = await run('ollama:stub', { OLLAMA_HOST: host });
    expect(code, host + stderr).toBe(0);
  }
};
export default baseUrl;
