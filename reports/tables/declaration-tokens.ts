import type { Table } from './table.ts';

/** What tools take in a context, in tokens. */
export interface DeclaredTools {
  /** Of which server, or which several. */
  readonly server: string;
  readonly tools: number;
  /** Tools of which it is known what their results look like. */
  readonly known: number;
  /** As JSON Schema, as views show it. */
  readonly schemas: number;
  /** As TypeScript declarations, and what of that tells what results look like. */
  readonly declarations: number;
  readonly results: number;
}

/** A row for each server that is run, one for those that are listed, and one for all tools. */
export function declarationTokensTable(run: readonly DeclaredTools[], listed: readonly DeclaredTools[]): Table {
  const all = [...run, together(`${listed.length} listed servers`, listed)];
  return {
    name: 'declaration-tokens',
    title: 'Tools as declarations, and as JSON Schema',
    about:
      'Tokens of all tools of a server as TypeScript declarations, which policies see that call tools by programs alone (docs/programs.md), beside those of ' +
      'their JSON Schema, both as views show them, by Qwen3’s tokenizer. Results: what of the declarations tells what results look like, which is known of so many tools, less the ' +
      'words for what is not known; nothing is known of servers that are listed and not run. Share: declarations over JSON Schema. Made by `node commands/figures/declaration-tokens.ts`.',
    columns: [
      { key: 'server', title: 'server', kind: 'text' },
      { key: 'tools', title: 'tools', kind: 'count' },
      { key: 'known', title: 'results known', kind: 'count' },
      { key: 'schemas', title: 'JSON Schema', kind: 'count' },
      { key: 'declarations', title: 'declarations', kind: 'count' },
      { key: 'results', title: 'of which results', kind: 'count' },
      { key: 'share', title: 'share', kind: 'share' },
    ],
    rows: [...all, together('all', all)].map((row) => ({ ...row, share: row.declarations / row.schemas })),
  };
}

function together(server: string, servers: readonly DeclaredTools[]): DeclaredTools {
  const sum = (key: Exclude<keyof DeclaredTools, 'server'>) => servers.reduce((total, one) => total + one[key], 0);
  return {
    server,
    tools: sum('tools'),
    known: sum('known'),
    schemas: sum('schemas'),
    declarations: sum('declarations'),
    results: sum('results'),
  };
}
