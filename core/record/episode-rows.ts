import type { Execution } from '../execution.ts';
import { taskIdParts } from '../task-id.ts';
import type { LostTurn } from '../types.ts';
import type { UnclearUsage } from '../usage.ts';
import type { Episode } from './episode-figures.ts';
import type { ToolChoice } from './tool-choice.ts';

/** A cell of `episodes.csv`; an empty one is `null`. */
type Cell = string | number | null;
type Cells = Readonly<Record<string, string>>;

const lostTurns: Readonly<Record<LostTurn, string>> = {
  'no-call': 'turns_no_call',
  'unreadable-call': 'turns_unreadable',
  cut: 'turns_cut',
  'unparsed-by-server': 'turns_unparsed',
};
const sources = ['system', 'schemas', 'results', 'history', 'output', 'prompt'] as const;
const requestFigures = ['words', 'sentences', 'quotes', 'numbers'] as const;

const toolFigures = [
  ['needed', 'tools_needed'],
  ['shown', 'tools_shown'],
  ['neededShown', 'tools_needed_shown'],
  ['unusedTokens', 'unused_schemas_tokens'],
  ['wrongCalls', 'wrong_calls'],
] as const;

const flag = (value: boolean | undefined): number | null => (value === undefined ? null : Number(value));

/** What `reward_judged` holds where the judge that rewarded the policy scored nothing. */
const unscored = 'unscored';

/**
 * An evaluated episode in one row: all that tables need of it. Tokens are sums over its turns, by source; `arm` is what pages call
 * the jobs that differ in their seed alone. `hasPrograms`: some of the run's policies may write programs.
 */
export function cellsOf(episode: Episode, arm: string, hasPrograms = false): Record<string, Cell> {
  const { success, rewards, judged, verdicts, events, overflow, request, tokens, lost, tools } = episode;
  return {
    job: episode.job,
    arm,
    seed: episode.seed,
    view: episode.view,
    phase: episode.phase,
    task: episode.task,
    phrasing: episode.phrasing ?? null,
    repetition: episode.repetition,
    verified: flag(success?.verified),
    proper_finish: flag(success?.properFinish),
    ending: episode.ending,
    failure: episode.failure,
    reward_sparse: rewards.sparse,
    reward_state_share: rewards['state-share'],
    reward_rubric: rewards.rubric,
    reward_judged: judged ? (judged.reward ?? unscored) : null,
    verdicts_scored: verdicts.scored,
    verdicts_unscored: verdicts.unscored,
    turns: episode.turns,
    loads: events.loaded,
    calls: events.called,
    refused: events.refused,
    peak_tokens: episode.peakTokens,
    ...Object.fromEntries(sources.map((source) => [`${source}_tokens`, tokens[source]])),
    cut_tokens: episode.cutTokens,
    overflow_prompt_tokens: overflow?.promptTokens ?? null,
    overflow_context_tokens: overflow?.contextTokens ?? null,
    usage_unclear: episode.unclear,
    ...Object.fromEntries(
      Object.entries(lostTurns).map(([kind, column]) => [column, lost[kind as LostTurn] ?? null] as const),
    ),
    cut_replies: episode.cutReplies,
    ...Object.fromEntries(requestFigures.map((figure) => [`prompt_${figure}`, request[figure]])),
    ...Object.fromEntries(toolFigures.map(([figure, column]) => [column, tools?.[figure] ?? null])),
    confused: tools ? JSON.stringify(tools.confused) : null,
    ...(hasPrograms ? { execution: episode.execution, code_tokens: tokens.code } : {}),
  };
}

/**
 * The episode of a row, but for what only its record holds: digest, place and schemas by server. Throws `TypeError` that names the
 * column with a value that is none.
 */
export function episodeOfCells(cells: Cells): Episode {
  const text = (column: string): string => {
    const value = cells[column];
    if (value === undefined || value === '') throw new TypeError(`${column} is empty`);
    return value;
  };
  const optional = (column: string): number | null => (cells[column] === '' ? null : number(column));
  const number = (column: string): number => {
    const value = Number(text(column));
    if (!Number.isFinite(value)) throw new TypeError(`${column} is no number (${text(column)})`);
    return value;
  };
  const task = text('task');
  const [verified, properFinish] = [optional('verified'), optional('proper_finish')];
  const [promptTokens, contextTokens] = [optional('overflow_prompt_tokens'), optional('overflow_context_tokens')];
  const ending = text('ending');
  return {
    job: text('job'),
    phase: text('phase'),
    task,
    family: taskIdParts(task).family,
    phrasing: cells['phrasing'] === '' ? null : text('phrasing'),
    seed: number('seed'),
    repetition: number('repetition'),
    view: text('view'),
    execution: (cells['execution'] ?? 'calls') as Execution,
    success:
      verified === null || properFinish === null
        ? null
        : { verified: verified === 1, properFinish: properFinish === 1 },
    rewards: {
      sparse: optional('reward_sparse'),
      'state-share': optional('reward_state_share'),
      rubric: optional('reward_rubric'),
    },
    judged:
      cells['reward_judged'] === ''
        ? null
        : { reward: cells['reward_judged'] === unscored ? null : number('reward_judged') },
    verdicts: { scored: number('verdicts_scored'), unscored: number('verdicts_unscored') },
    ending,
    failure: ending.startsWith('failed') ? (cells['failure'] ?? '') : null,
    turns: number('turns'),
    lost: Object.fromEntries(
      Object.entries(lostTurns).flatMap(([kind, column]) => {
        const count = optional(column);
        return count === null ? [] : [[kind, count] as const];
      }),
    ),
    cutReplies: number('cut_replies'),
    events: { loaded: number('loads'), called: number('calls'), refused: number('refused') },
    peakTokens: number('peak_tokens'),
    overflow: promptTokens === null || contextTokens === null ? null : { promptTokens, contextTokens },
    unclear: cells['usage_unclear'] === '' ? null : (text('usage_unclear') as UnclearUsage),
    tokens: {
      ...(Object.fromEntries(sources.map((source) => [source, number(`${source}_tokens`)])) as Record<
        (typeof sources)[number],
        number
      >),
      code: cells['code_tokens'] === undefined ? 0 : number('code_tokens'),
      schemasByServer: {},
    },
    cutTokens: number('cut_tokens'),
    // Rows that were written earlier have no such columns.
    tools: cells['confused'] ? toolsOf(cells['confused'], number) : null,
    digest: null,
    place: null,
    request: Object.fromEntries(
      requestFigures.map((figure) => [figure, number(`prompt_${figure}`)]),
    ) as unknown as Episode['request'],
  };
}

const toolsOf = (confused: string, number: (column: string) => number): ToolChoice => ({
  ...(Object.fromEntries(toolFigures.map(([figure, column]) => [figure, number(column)])) as Record<
    (typeof toolFigures)[number][0],
    number
  >),
  confused: confusedOf(confused),
});

const isConfusion = (one: unknown): boolean =>
  Array.isArray(one) &&
  typeof one[0] === 'string' &&
  (one[1] === null || typeof one[1] === 'string') &&
  typeof one[2] === 'number';

function confusedOf(text: string): ToolChoice['confused'] {
  const list = parsed(text);
  if (Array.isArray(list) && list.every(isConfusion)) return list;
  throw new TypeError(`confused is no list of what was called and meant (${text.slice(0, 80)})`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
