import { taskIdParts } from '../../core/task-id.ts';
import { formatCell, formatNumber } from '../tables/table.ts';
import { usualWidth } from '../tables/table-text.ts';
import type { EndRow, Failing, Money, RunEnd } from './types.ts';

/** Failing tasks of one policy and split that are named; JSON and JUnit name all. */
const mostNamed = 40;

const isSeen = ({ kind }: Failing): boolean => kind === 'failed' || kind === 'void';

/**
 * A line for each task that failed, with its first reason, below the policy and the split; no wider than the terminal, where there is
 * one.
 */
export function failingLines({ rows, failing }: RunEnd, widest = Infinity): string[] {
  const cut = (line: string) => (line.length > widest ? `${line.slice(0, widest - 1)}…` : line);
  const lines = rows.flatMap(({ policy, split, tasks, repeats }) => {
    const here = failing.filter((one) => one.policy === policy && one.split === split);
    const byTask = [...Map.groupBy(here, ({ task }) => task).values()];
    if (byTask.length === 0) return [];
    const played = byTask.filter((all) => all.some(isSeen));
    const forJudge = byTask.filter((all) => !all.some(isSeen) && all.some(({ kind }) => kind === 'for a judge'));
    const unplayed = byTask.length - played.length - forJudge.length;
    // In no figure below: neither solved nor not.
    const isVoid = played.filter((all) => !all.some(({ kind }) => kind === 'failed') && all.length === repeats);
    const open = played.length - isVoid.length + forJudge.length;
    const counted = tasks - isVoid.length - unplayed;
    const parts = [
      ...(counted === 0
        ? []
        : [
            `${open} of ${counted} ${counted === 1 ? 'task' : 'tasks'} not ${forJudge.length > 0 ? 'known to be solved' : 'solved'}${repeats > 1 ? ` in each of ${repeats} repeats` : ''}`,
          ]),
      ...(isVoid.length > 0 ? [`${isVoid.length} void`] : []),
    ];
    const named = played.slice(0, mostNamed);
    const more = played.length - named.length;
    return [
      `${policy}, ${split}: ${[...parts, ...(parts.length === 0 ? ['nothing played'] : [])].join('; ')}`,
      ...named.map((all) => cut(failingLine(all, repeats))),
      ...(more > 0 ? [`  … and ${more} more: --json and --junit name all`] : []),
      ...(forJudge.length > 0 ? [`  ? ${forJudge.length} for a judge: code found nothing wrong`] : []),
      ...(unplayed > 0 ? [`  – ${unplayed} not played`] : []),
    ];
  });
  const isCut = lines.some((line) => line.endsWith('…') && line.length === widest);
  return isCut
    ? [...lines, '  Lines are cut to the width of the terminal: --json and --junit give the whole reasons.']
    : lines;
}

function failingLine(all: readonly Failing[], repeats: number): string {
  const first = all.find(isSeen) ?? all[0];
  if (!first) return '';
  const often = repeats > 1 ? ` (${all.length} of ${repeats})` : '';
  return `  ✗ ${shortTask(first.task)}${often}: ${first.reason}`;
}

/** What tells a task from the others of its suite and split. */
export function shortTask(id: string): string {
  const last = id.slice(id.lastIndexOf('/') + 1);
  const { family } = taskIdParts(id);
  return family === 'own' ? last : `${family}/${last}`;
}

type ClosingColumn = readonly [title: string, cell: (row: EndRow) => string];

const when = (isShown: boolean, column: ClosingColumn): readonly ClosingColumn[] => (isShown ? [column] : []);

/** What a run came to, no wider than the terminal: names are cut, then the last of what is no success left out. */
export function closingTable({ rows }: RunEnd, widest = usualWidth): string {
  const hasRepeats = rows.some(({ repeats }) => repeats > 1);
  const hasMoney = rows.some(({ money }) => money.kind !== 'none');
  const hasVoid = rows.some((row) => row.void > 0);
  const hasForJudge = rows.some(({ forJudge }) => forJudge > 0);
  const hasUnplayed = rows.some(({ unplayed }) => unplayed > 0);
  const hasViews = rows.some(({ view }) => view !== undefined);
  const hasWays = rows.some(({ peakTokens }) => peakTokens !== undefined);
  const columns: readonly ClosingColumn[] = [
    [hasViews ? 'policy, view' : 'policy', ({ policy }) => policy],
    ['split', ({ split }) => split],
    ['success', ({ success }) => formatCell(success, 'share')],
    ['n', ({ success, repeats }) => `${success?.tasks ?? 0}${repeats > 1 ? ` × ${repeats}` : ''}`],
    ...when(hasRepeats, ['pass@k', ({ passAny }) => (passAny ? formatNumber(passAny.value, 'share') : '–')]),
    ...when(hasRepeats, ['pass^k', ({ passAll }) => (passAll ? formatNumber(passAll.value, 'share') : '–')]),
    ...when(hasVoid, ['void', (row) => `${row.void}`]),
    ...when(hasForJudge, ['for a judge', ({ forJudge }) => `${forJudge}`]),
    ...when(hasUnplayed, ['unplayed', ({ unplayed }) => `${unplayed}`]),
    ...when(hasWays, ['peak', ({ peakTokens = null }) => wholeText(peakTokens)]),
    ['tokens', ({ tokens }) => wholeText(tokens)],
    ['turns', ({ turns }) => (turns === null ? '–' : turns.toFixed(1))],
    ['seconds', ({ seconds }) => (seconds === null ? '–' : seconds.toFixed(1))],
    ...when(hasMoney, ['money', ({ money }) => moneyText(money)]),
  ];
  const cells = [columns.map(([title]) => title), ...rows.map((row) => columns.map(([, cell]) => cell(row)))];
  const widths = fitted(
    columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0))),
    widest,
  );
  return cells
    .map((line) =>
      line
        .slice(0, widths.length)
        .map((cell, index) => placed(cell, widths[index] ?? 0, index < 2))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const wholeText = (amount: number | null): string => (amount === null ? '–' : amount.toFixed(0));

/** Names give way where the table would be too wide: policies first, then splits; then columns, from the last to the first figure. */
function fitted(widths: readonly number[], widest: number): number[] {
  const result = [...widths];
  const excess = () => result.reduce((sum, width) => sum + width, 2 * (result.length - 1)) - widest;
  for (const [index, least] of [
    [0, 12],
    [1, 8],
  ] as const) {
    const over = excess();
    if (over > 0) result[index] = Math.max(Math.min(least, result[index] ?? 0), (result[index] ?? 0) - over);
  }
  while (excess() > 0 && result.length > leastColumns) result.pop();
  return result;
}

/** Policy, split, success and n. */
const leastColumns = 4;

function placed(cell: string, width: number, isName: boolean): string {
  const cut = cell.length <= width ? cell : `${cell.slice(0, width - 1)}…`;
  return isName ? cut.padEnd(width) : cut.padStart(width);
}

function moneyText(money: Money): string {
  if (money.kind !== 'known') return money.kind === 'none' ? '–' : 'unknown';
  const { amount, currency } = money;
  return `${amount.toFixed(amount < 1 ? 4 : 2)} ${currency}`;
}

/** What the columns of the table mean. */
export function closingNotes({ rows, stopped }: RunEnd): string[] {
  const sources = new Set(rows.flatMap(({ money }) => (money.kind === 'known' ? [money.source] : [])));
  const isUnknown = rows.some(({ money }) => money.kind === 'unknown');
  const isOfViews = rows.some(({ view }) => view !== undefined);
  return [
    'Success with its 95 % interval over n tasks; tokens (by our count), turns and seconds are means per episode.',
    ...(isOfViews ? ['Peak: the longest prompt of an episode, in tokens, on average.'] : []),
    ...(sources.size > 0
      ? [`Money covers all episodes, with cached tokens at full price (${[...sources].join('; ')}).`]
      : []),
    ...rows.flatMap(unfinishedNote),
    ...(isUnknown ? ['The price of a model is unknown: name a file with its price with --prices FILE.'] : []),
    ...stopped,
  ];
}

function unfinishedNote({ policy, split, unfinished }: EndRow): string[] {
  if (unfinished === 0) return [];
  const episodes = unfinished === 1 ? 'solved episode was' : 'solved episodes were';
  return [
    `${policy}, ${split}: ${unfinished} ${episodes} cut off before finish was called; success only asks whether the checks are true at the end.`,
  ];
}
