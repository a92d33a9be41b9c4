import type { RandomStream } from '../../core/seeds.ts';
import type { Tool } from '../../core/types.ts';
import type { Call } from '../defects/script.ts';

/** Calls that put a text on one of the servers offered and have it read back; `null` where none of them can. */
export function noteOn(tools: readonly Tool[], text: string, stream: RandomStream): readonly Call[] | null {
  const page = { projectName: 'evaluation', fileName: 'verdict.md' };
  const name = 'evaluation verdict';
  const ways: readonly (readonly Call[])[] = [
    [
      { server: 'filesystem', tool: 'write_file', arguments: { path: 'verdict.txt', content: text } },
      { server: 'filesystem', tool: 'read_text_file', arguments: { path: 'verdict.txt' } },
    ],
    [
      { server: 'fast-filesystem', tool: 'fast_write_file', arguments: { path: 'verdict.txt', content: text } },
      { server: 'fast-filesystem', tool: 'fast_read_file', arguments: { path: 'verdict.txt' } },
    ],
    [
      { server: 'memory-bank', tool: 'memory_bank_write', arguments: { ...page, content: text } },
      { server: 'memory-bank', tool: 'memory_bank_read', arguments: page },
    ],
    ['memory', 'knowledge-graph'].flatMap((server) => [
      {
        server,
        tool: 'create_entities',
        arguments: { entities: [{ name, entityType: 'verdict', observations: [text] }] },
      },
      { server, tool: 'open_nodes', arguments: { names: [name] } },
    ]),
  ].map((way) =>
    way.filter(({ server, tool }) => tools.some((candidate) => candidate.server === server && candidate.name === tool)),
  );
  const possible = ways.filter((way) => way.length > 1);
  return possible.length === 0 ? null : stream.pick(possible);
}
