import { UsageError } from '../../core/errors.ts';
import type { Run } from '../../core/record/read-run.ts';
import pairedDifference from '../../core/statistics/paired.ts';
import { observe, verified } from '../arms/readings.ts';
import { toolKey, toolParts, type RecordedTool, type ToolPart, type ToolUse } from '../arms/tool-use.ts';
import { toolChanges } from '../../core/drift/tools.ts';
import type { Cell, Column, Table } from './table.ts';
import { toolFigures } from './tools.ts';

const compared = [
  ['schema_tokens', 'Schema tokens', 'count'],
  ['calls', 'Calls', 'count'],
  ['errors', 'Errors', 'count'],
  ['refused', 'Refused', 'count'],
  ['argument_faults', 'Faults by parameter', 'text'],
  ['missed', 'Not called', 'count'],
  ['called_instead', 'Called instead', 'text'],
  ['verifier_success', 'Success where needed', 'share'],
] as const;

const columns: readonly Column[] = [
  { key: 'server', title: 'Server', kind: 'text' },
  { key: 'tool', title: 'Tool', kind: 'text' },
  { key: 'arm', title: 'Policy, view', kind: 'text' },
  { key: 'split', title: 'Split', kind: 'text' },
  { key: 'changed', title: 'What its server says otherwise', kind: 'text' },
  ...compared.flatMap(([key, title, kind]): readonly Column[] => [
    { key: `${key}_before`, title: `${title}, before`, kind },
    { key: `${key}_now`, title: `${title}, now`, kind },
  ]),
  { key: 'success_difference', title: 'Δ success', kind: 'share' },
];

/**
 * What is otherwise by tool in a later run of the same tasks, with what the server says otherwise of the tool. Throws `UsageError`
 * where a run does not say which tools there were, or the two have no tool or no split in common.
 */
export default function toolDifferencesTable(before: Run, now: Run): Table {
  for (const { folder, manifest } of [before, now])
    if (manifest.toolspace === undefined)
      throw new UsageError(
        `${folder} does not say which tools there were, so that it cannot be compared by tool: it is of an older Toolstone, or ` +
          'of a suite of the house. Play tasks of your own (--tasks FILE) anew.',
      );
  const rows = pairsOf(toolParts(before), toolParts(now)).flatMap(([was, is]) => rowsOf(was, is));
  return {
    name: 'tool-differences',
    title: 'What changed by tool',
    about:
      `Tools that are otherwise than in ${before.manifest.name}, or with which policies did otherwise; the others are left out. ` +
      'Columns are those of the table by tool. Δ success: of the tasks that need the tool, now less before, paired by task, ' +
      'with 95 % intervals. A change of success is not yet the work of a changed description: other tools may have changed ' +
      'too, and a model that varies does so between two runs of the same.',
    columns,
    rows,
  };
}

/** Rows of the same name and split; where each run has one policy alone, these whatever they are called. */
function pairsOf(before: readonly ToolPart[], now: readonly ToolPart[]): (readonly [ToolPart, ToolPart])[] {
  const isAlone = [before, now].every((parts) => new Set(parts.map(({ label }) => label)).size === 1);
  const pairs = now.flatMap((is) => {
    const was = before.find(({ label, split }) => split === is.split && (isAlone || label === is.label));
    return was ? [[was, is] as const] : [];
  });
  if (pairs.length > 0) return pairs;
  throw new UsageError(
    `The two runs have no policy, view and split in common: the first has ${named(before)}, the second ${named(now)}.`,
  );
}

const named = (parts: readonly ToolPart[]): string =>
  parts.map(({ label, split }) => `${label} on ${split}`).join('; ') || 'no episode';

function rowsOf(was: ToolPart, is: ToolPart): Record<string, Cell>[] {
  const [before, now] = [byName(was), byName(is)];
  const arm = was.label === is.label ? is.label : `${was.label} → ${is.label}`;
  return [...new Set([...before.keys(), ...now.keys()])].flatMap((key) => {
    const [earlier, later] = [before.get(key), now.get(key)];
    const tool = later?.tool ?? earlier?.tool;
    const changed = changeText(earlier?.tool, later?.tool);
    const figures = [earlier, later].map((use) => (use ? toolFigures(use) : undefined));
    const isSame = figures[0] && figures[1] && JSON.stringify(figures[0]) === JSON.stringify(figures[1]);
    if (!tool || (changed === null && isSame)) return [];
    const cells = compared.flatMap(([name]) => [
      [`${name}_before`, figures[0]?.[name] ?? null],
      [`${name}_now`, figures[1]?.[name] ?? null],
    ]);
    const success_difference = differenceOf(earlier, later);
    return [
      {
        server: tool.server,
        tool: tool.name,
        arm,
        split: is.split,
        changed,
        ...(Object.fromEntries(cells) as Record<string, Cell>),
        success_difference,
      },
    ];
  });
}

const byName = ({ uses }: ToolPart) => new Map(uses.map((use) => [toolKey(use.tool), use]));

function differenceOf(before: ToolUse | undefined, now: ToolUse | undefined): Cell {
  if (!before || !now) return null;
  return pairedDifference(observe(before.needing, verified), observe(now.needing, verified)).difference;
}

/** e.g. `description: - Text of a note. + Text of one note.` */
function changeText(before: RecordedTool | undefined, now: RecordedTool | undefined): string | null {
  if (!before || !now) return before ? 'the tool is gone' : 'the tool is new';
  const changes = [...toolChanges(before, now)].map(({ part, difference }) => `${part}: ${difference.join(' ')}`);
  return changes.length === 0 ? null : changes.join('; ');
}
