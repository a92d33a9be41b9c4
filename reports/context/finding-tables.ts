import type { Table } from '../tables/table.ts';
import type { ContextCost } from './cost.ts';
import { nameRules, type ToolName } from './names.ts';
import { text } from './tables.ts';

const both = ({ server, tool }: ToolName) => `${server}: ${tool}`;

/** What was found amiss; a table without rows says that there is nothing. */
export function findingTables({ findings }: ContextCost): Table[] {
  return [
    {
      name: 'near-duplicates',
      title: 'Near-duplicates across servers',
      about: `Tools of two servers that share at least ${findings.alike} of the words of their names and descriptions.`,
      columns: [{ key: 'share', title: 'shared', kind: 'share' }, text('one', 'one'), text('other', 'other')],
      rows: findings.nearDuplicates.map(({ share, one, other }) => ({ share, one: both(one), other: both(other) })),
    },
    {
      name: 'clashes',
      title: 'Clashing names',
      about:
        'Names that mean tools of several servers: the `same` to the letter, `alike` but for case and punctuation, or the same ' +
        'once they are `joined` as server__tool.',
      columns: [text('name', 'name'), text('kind', 'kind'), text('tools', 'tools')],
      rows: findings.clashes.map(({ name, kind, tools }) => ({ name, kind, tools: tools.map(both).join(', ') })),
    },
    {
      name: 'refused-names',
      title: 'Names that are refused',
      about: `By themselves, or as clients write them. ${nameRules.map(({ who, rule }) => `${who}: ${rule}`).join('. ')}.`,
      columns: [text('name', 'name'), text('as', 'written as'), text('by', 'refused by')],
      rows: findings.refusedNames.map(({ name, as, by }) => ({ name, as, by: by.join(', ') })),
    },
    {
      name: 'without-description',
      title: 'Nothing said',
      about: 'Tools without a description, and parameters without one.',
      columns: [text('tool', 'tool'), text('what', 'without a description')],
      rows: [
        ...findings.withoutDescription.map((tool) => ({ tool: both(tool), what: 'the tool' })),
        ...findings.parametersWithoutDescription.map((tool) => ({
          tool: both(tool),
          what: tool.parameters.join(', '),
        })),
      ],
    },
  ];
}
