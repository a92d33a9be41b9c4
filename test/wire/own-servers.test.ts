import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { digests, temporaryFolder, toolstone } from '../cli/toolstone.ts';
import { isWhole } from '../whole.ts';

const stub = fileURLToPath(new URL('../envs/stub-server.ts', import.meta.url));
const secret = 'planted-token-0123456789';
const writings = [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')];

test.runIf(isWhole)(
  "a strict replay does not start a user's own server, and its secrets stand in no recording",
  async () => {
    const folder = temporaryFolder();
    const at = (name: string) => join(folder, name);
    const counter = at('count');
    writeFileSync(counter, '0');
    const answer = { jsonrpc: '2.0', id: 0, result: { content: [{ type: 'text', text: writings.join(' ') }] } };
    const answers = [JSON.stringify(answer).replace('"id":0', '"id":ID')];
    // The counter counts only where some start fails, and none has this number.
    const faults = JSON.stringify({ counter, failing: [-1], answers });
    const server = { command: process.execPath, args: [stub, faults], env: { API_TOKEN: secret } };
    const task = {
      id: 'echo',
      prompt: 'go',
      servers: ['own'],
      checks: [{ called: { server: 'own', tool: 'echo' } }],
      plan: [{ server: 'own', tool: 'echo', arguments: {} }],
    };
    writeFileSync(at('tasks.json'), JSON.stringify({ mcpServers: { own: server }, tasks: [task] }));
    const played = ['run', '--policy', 'oracle', '--tasks', at('tasks.json')];
    const recorded = await toolstone(...played, '--out', at('run'), '--wire', `record:${at('rec')}`);
    expect(recorded.code, recorded.stderr).toBe(0);
    const starts = readFileSync(counter, 'utf8');
    expect(Number(starts)).toBeGreaterThan(0);

    const strict = await toolstone(...played, '--out', at('strict'), '--wire', `strict:${at('rec')}`);
    expect(strict.code, strict.stderr).toBe(0);
    expect(readFileSync(counter, 'utf8')).toBe(starts);
    expect(digests(at('strict'))).toEqual(digests(at('run')));

    const text = gunzipSync(readFileSync(join(at('rec'), 'wire.jsonl.gz'))).toString();
    expect(text).toContain('[secret API_TOKEN]');
    for (const written of writings) expect(text).not.toContain(written);
  },
  120_000,
);
