import { tmpdir } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../core/json.ts';
import type { Tool } from '../../core/types.ts';
import { chooseOwnServers } from '../../envs/client-files/choice.ts';
import { offerOf, remoteFault } from '../../envs/client-files/offers.ts';
import { ownServer } from '../../envs/own-server.ts';

const folder = tmpdir();
afterEach(() => chooseOwnServers({ isReal: false, programs: {} }));

const tool = (name: string, annotations: JsonObject = {}): Tool => ({
  server: 'far',
  name,
  description: '',
  inputSchema: {},
  annotations,
});
const reading = tool('look', { readOnlyHint: true });
const writing = [tool('write'), tool('remove', { readOnlyHint: false })];
const faultOf = (url: string, tools: readonly Tool[], isOfClient = false, block: object = {}): string | undefined => {
  const { definition } = ownServer('far', { block: { url, ...block }, folder, isOfClient });
  return remoteFault(
    definition,
    tools.filter(({ name }) => offerOf(definition).includes(name)),
  );
};

describe('a server elsewhere', () => {
  test('that can write is refused with the tools that may, until it is played with on request', () => {
    const [far, here] = ['https://example.org/mcp', 'http://127.0.0.1:9/mcp'];
    const refusal =
      /^Server far runs elsewhere, .* only read: write, remove\. Play with it as it is by --real, or name them in leftOutTools\.$/;
    expect(faultOf(far, [reading, ...writing])).toMatch(refusal);
    expect(faultOf(here, [reading, ...writing], true)).toMatch(refusal);
    expect(faultOf(far, [reading])).toBeUndefined();
    expect(faultOf(far, [reading, ...writing], true, { leftOutTools: ['write', 'remove'] })).toBeUndefined();
    // Whoever writes such an address into a task file has started the server for it.
    expect(faultOf(here, [reading, ...writing])).toBeUndefined();
    chooseOwnServers({ isReal: true, programs: {} });
    expect(faultOf(far, [reading, ...writing])).toBeUndefined();
  });

  test.each([
    [{ url: 'http://x.example/sse' }, true],
    [{ url: 'http://x.example/mcp', type: 'sse' as const }, true],
    [{ url: 'http://x.example/sse', type: 'http' as const }, false],
    [{ url: 'http://x.example/mcp' }, false],
  ])('%j is of the older transport: %s', (block, isSse) => {
    expect(ownServer('far', { block, folder }).definition.own?.reach).toMatchObject({ kind: 'http', isSse });
  });
});
