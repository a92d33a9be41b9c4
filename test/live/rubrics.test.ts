import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { rubricProblems } from '../../judges/rubric/rubric.ts';
import { rubricWriter } from '../../judges/rubric/writing/writer.ts';
import { task } from '../judges/episodes.ts';
import { contextTokens, isInstalled, model, startOllama } from './ollama-server.ts';
import { howToRun, isLive } from './slow.ts';

const tools = [
  {
    server: 'filesystem',
    name: 'write_file',
    description: 'Writes a file.',
    inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
  },
];

const title = 'a real model writes a rubric within the schema; what cannot be used says why; nothing is asked twice';
if (!isInstalled) {
  test.skip(`${title} (absent; add it with: test/live/setup-ollama.sh)`);
} else if (!isLive) {
  test.skip(`${title} ${howToRun}`);
} else {
  test(title, { timeout: 600_000 }, async () => {
    await using server = await startOllama();
    vi.stubEnv('OLLAMA_HOST', server.host);
    onTestFinished(() => void vi.unstubAllEnvs());
    const cacheFolder = mkdtempSync(join(tmpdir(), 'toolstone-rubrics-'));
    onTestFinished(() => rmSync(cacheFolder, { recursive: true, force: true }));
    const settings = `contextTokens=${contextTokens}&outputTokens=300&tries=1&threads=1&timeoutSeconds=280`;
    const open = () =>
      rubricWriter(`ollama:${model}?${settings}`, { form: 'free', withSolution: false }, { cacheFolder });
    const writer = await open();
    const { signal } = new AbortController();
    const found = await writer.write(task, tools, signal);
    expect(writer.costs()).toMatchObject({ calls: 1, cachedCalls: 0 });
    expect(writer.costs().promptTokens, 'prompt tokens by the server').toBeGreaterThan(200);
    if (found.rubric) expect(rubricProblems(found.rubric)).toEqual([]);
    // Held to the schema, a reply may end too early or break a rule of rubrics, but is never prose.
    else {
      expect(found.unusable.map(({ cause }) => cause)).toEqual(['unparseable']);
      expect(found.unusable[0]?.reason).toMatch(/cut off: "\{|weight 0|the same as|alone/);
    }

    const again = await open();
    expect(await again.write(task, tools, signal)).toEqual(found);
    expect(again.costs()).toMatchObject({ calls: 0, cachedCalls: 1 });
  });
}
