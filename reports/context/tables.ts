import type { Column, Table } from '../tables/table.ts';
import { type ContextCost, restOf, sum, type ToolCost } from './cost.ts';
import { forms } from './forms.ts';
import { formNames } from './form-names.ts';
import type { ContextReport } from './report.ts';

/** A column of texts. */
export const text = (key: string, title: string): Column => ({ key, title, kind: 'text' });
const count = (key: string, title: string): Column => ({ key, title, kind: 'count' });
const partColumns = [
  count('name_tokens', 'name'),
  count('description', 'description'),
  count('parameters', 'parameters'),
  count('rest', 'rest'),
];

const aboutParts =
  'Name, description and parameters are each counted by themselves as they stand in the form; the rest is what it writes ' +
  'around them.';

/** Servers, the dearest first, and what of the total is nobody's. */
export function serverTable(cost: ContextCost): Table {
  const rows = cost.servers
    .toSorted((a, b) => b.tokens - a.tokens)
    .map(({ name, tools, tokens, instructions }) => {
      const of = (read: (tool: ToolCost) => number) => sum(tools.map(read));
      return {
        server: name,
        tools: tools.length,
        tokens,
        name_tokens: of(({ parts }) => parts.name),
        description: of(({ parts }) => parts.description),
        parameters: of(({ parts }) => parts.parameters),
        rest: of(restOf),
        instructions,
      };
    });
  const columns = [text('server', 'server'), count('tools', 'tools'), count('tokens', 'tokens'), ...partColumns];
  const totals = Object.fromEntries(
    [...columns.slice(1), count('instructions', 'instructions')].map(({ key }) => [
      key,
      sum(rows.map((row) => row[key as 'tokens'])),
    ]),
  );
  const total = { ...totals, server: 'all', tokens: cost.total, rest: (totals['rest'] ?? 0) + cost.frame };
  return {
    name: 'servers',
    title: 'Tokens by server',
    about: `${aboutParts} The last line has the words around the whole list too.`,
    columns: [...columns, count('instructions', 'instructions')],
    rows: [...rows, total],
  };
}

/** Tools, the dearest first. */
export function toolTable({ servers }: ContextCost, most = Infinity): Table {
  const tools = servers
    .flatMap(({ name: server, tools }) => tools.map((tool) => ({ server, tool })))
    .sort((a, b) => b.tool.tokens - a.tool.tokens);
  return {
    name: 'tools',
    title: most < tools.length ? 'The dearest tools' : 'Tokens by tool',
    about: aboutParts,
    columns: [text('tool', 'tool'), text('server', 'server'), count('tokens', 'tokens'), ...partColumns],
    rows: tools.slice(0, most).map(({ server, tool }) => ({
      tool: tool.name,
      server,
      tokens: tool.tokens,
      name_tokens: tool.parts.name,
      description: tool.parts.description,
      parameters: tool.parts.parameters,
      rest: restOf(tool),
    })),
  };
}

export const formTable = (cost: ContextCost): Table => ({
  name: 'forms',
  title: 'The same tools in every form',
  about: 'Tokens of the whole list of tools, without instructions.',
  columns: [text('form', 'form'), count('tokens', 'tokens'), text('about', 'what it is')],
  rows: formNames.map((form) => ({ form, tokens: cost.forms[form], about: forms[form].about })),
});

export const viewTable = ({ views }: ContextCost): Table => ({
  name: 'views',
  title: 'The first prompt of each view',
  about: 'Tokens of the prompt before the first turn, an empty task in it; of these, the schemas of tools.',
  columns: [text('view', 'view'), count('prompt', 'first prompt'), count('schemas', 'schemas')],
  rows: views.map(({ view, prompt, schemas }) => ({ view, prompt, schemas })),
});

const change = ({ before, after }: { readonly before: number; readonly after: number }) => ({
  before,
  after,
  change: after - before,
});

/** What a version changed. */
export function againstTables({ against }: ContextReport): Table[] {
  if (!against) return [];
  const columns = [count('before', 'before'), count('after', 'after'), count('change', 'change')];
  return [
    {
      name: 'against-servers',
      title: 'Against the earlier figures, by server',
      about: 'Servers that are not what they were, and all together.',
      columns: [text('server', 'server'), ...columns],
      rows: [...against.servers, { server: 'all', ...against.total }].map((row) => ({
        server: row.server,
        ...change(row),
      })),
    },
    {
      name: 'against-tools',
      title: 'Against the earlier figures, by tool',
      about: 'Tools that came, went, or of which their server says something else.',
      columns: [text('tool', 'tool'), text('server', 'server'), text('kind', 'what'), ...columns],
      rows: against.tools.map(({ tool, server, kind, ...tokens }) => ({ tool, server, kind, ...change(tokens) })),
    },
  ];
}

export function budgetTable({ budget }: ContextReport): Table[] {
  if (!budget || budget.over === 0) return [];
  const isEnough = sum(budget.offenders.map(({ tokens }) => tokens)) >= budget.over;
  const these = isEnough
    ? 'The cost is within it without these, the dearest.'
    : 'These are all tools; the rest is what the servers tell every client at the start.';
  return [
    {
      name: 'offenders',
      title: 'Over the budget',
      about: `${budget.over} tokens over the budget of ${budget.tokens}. ${these}`,
      columns: [text('tool', 'tool'), text('server', 'server'), count('tokens', 'tokens')],
      rows: budget.offenders.map(({ tool, server, tokens }) => ({ tool, server, tokens })),
    },
  ];
}
