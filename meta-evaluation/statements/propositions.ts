import type { Thing } from './things.ts';
import type { Evidence, EvidencedCall } from './evidence.ts';

/** What a statement is about, where it is about something in particular. */
export interface Particulars {
  /** `server.tool`. */
  readonly tool?: string;
  readonly after?: string;
  readonly server?: string;
  readonly text?: string;
  readonly count?: number;
  readonly thing?: Pick<Thing, 'server' | 'kind' | 'name'>;
  readonly kind?: string;
}

/** Whether something is true of an episode; `null` where that is open: nobody could be asked to agree. */
export type Proposition = (evidence: Evidence, about: Particulars) => boolean | null;

const ofCalls =
  (holds: (calls: readonly EvidencedCall[]) => boolean | null): Proposition =>
  ({ calls }) =>
    calls.length === 0 ? null : holds(calls);

const ofWorld =
  (
    holds: (world: NonNullable<Evidence['world']>, about: Particulars, evidence: Evidence) => boolean | null,
  ): Proposition =>
  (evidence, about) =>
    evidence.world && holds(evidence.world, about, evidence);

/** Of counts: a call that never reached its server is one to some and none to others. */
const counted =
  (holds: (made: number, count: number) => boolean): Proposition =>
  ({ calls }, { count = 0 }) => {
    const [all, sent] = [calls.length, calls.filter(({ isSent }) => isSent).length];
    return holds(all, count) === holds(sent, count) ? holds(all, count) : null;
  };

const has = (things: readonly Thing[], one: Particulars['thing']) =>
  things.some(({ server, kind, name }) => server === one?.server && kind === one.kind && name === one.name);

/** A row that is changed is to some another row. */
const isRowChange = (added: readonly Thing[], removed: readonly Thing[]) =>
  removed.length > 0 && removed.every(({ kind }) => kind === 'row') && added.some(({ kind }) => kind === 'row');

/** All that statements say, by the names under which `styles/` words it. */
export const propositions: Readonly<Record<string, Proposition>> = {
  'no-error': ofCalls((calls) => calls.every(({ isOk }) => isOk)),
  recovered: ({ calls }) => {
    const failed = calls.flatMap((call, at) => (call.isOk ? [] : [{ call, at }]));
    if (failed.length === 0) return null;
    return failed.every(({ call, at }) => calls.slice(at + 1).some((later) => later.isOk && later.name === call.name));
  },
  repeated: ofCalls((calls) => new Set(calls.map(({ text }) => text)).size < calls.length),
  'any-call': ({ calls }) => calls.length > 0,
  'looked-first': ({ calls }) => {
    const worked = calls.filter(({ isOk }) => isOk);
    if (worked.some(({ effect }) => effect === null)) return null;
    const change = worked.findIndex(({ effect }) => effect === 'alters');
    return change < 0 ? null : worked.slice(0, change).some(({ effect }) => effect === 'looks');
  },
  looked: ({ calls }) => {
    const worked = calls.filter(({ isOk }) => isOk);
    if (worked.some(({ effect }) => effect === 'looks')) return true;
    return worked.some(({ effect }) => effect !== 'alters') ? null : false;
  },
  wrote: ({ calls }) => {
    const worked = calls.filter(({ isOk }) => isOk);
    if (worked.some(({ effect }) => effect === 'alters')) return true;
    return worked.some(({ effect }) => effect === null) ? null : false;
  },
  'one-server': ofCalls((calls) => new Set(calls.map(({ server }) => server)).size === 1),
  'used-tool': ({ calls }, { tool }) => {
    const named = calls.filter(({ name }) => name === tool);
    return named.length === 0 ? false : named.some(({ isSent }) => isSent) ? true : null;
  },
  'used-server': ({ calls }, { server }) => {
    const named = calls.filter((call) => call.server === server);
    return named.length === 0 ? false : named.some(({ isSent }) => isSent) ? true : null;
  },
  order: ({ calls }, { tool, after }) => {
    const [first, second] = [tool, after].map((one) => calls.findIndex(({ name }) => name === one)) as [number, number];
    const isAgain = calls.findLastIndex(({ name }) => name === tool) > second && first < second;
    return first < 0 || second < 0 ? false : isAgain ? null : first < second;
  },
  'tool-twice': ofCalls((calls) => new Set(calls.map(({ name }) => name)).size < calls.length),
  'last-ok': ofCalls((calls) => calls.at(-1)?.isOk === true),
  'unused-load': ({ calls, loads }) =>
    loads.length === 0 ? null : loads.some((load) => !calls.some(({ name }) => name === load)),
  passed: ({ calls }, { text = '' }) => {
    if (calls.some(({ strings }) => strings.some((one) => one === text))) return true;
    return calls.some(({ strings }) => strings.some((one) => one.includes(text))) ? null : false;
  },
  'calls-most': counted((made, count) => made <= count),
  'calls-least': counted((made, count) => made >= count),
  'calls-exact': counted((made, count) => made === count),
  'tools-exact': ofCountedTools,
  'failures-exact': ({ calls }, { count }) => calls.filter(({ isOk }) => !isOk).length === count,
  finished: ({ answer }) => answer !== null,
  answered: ({ answer }) => answer !== null && answer.trim() !== '',
  'answer-says': ({ answer }, { text = '' }) => answer?.toLowerCase().includes(text.toLowerCase()) ?? false,
  'answer-seen': ({ answer, calls }) => {
    const said = answer?.trim() ?? '';
    if (said === '') return null;
    if (calls.some(({ isOk, result }) => isOk && result.includes(said))) return true;
    const parts = said.split(/\n|, | and /).filter((part) => part.trim() !== '');
    const seen = parts.filter((part) => calls.some(({ isOk, result }) => isOk && result.includes(part.trim()))).length;
    return seen === parts.length ? true : seen === 0 ? false : null;
  },
  changed: ofWorld(({ added, removed, altered }) => added.length + removed.length + altered.length > 0),
  'nothing-removed': ofWorld(({ added, removed }) => (isRowChange(added, removed) ? null : removed.length === 0)),
  exists: ofWorld(({ end }, { thing }) => has(end, thing)),
  holds: ofWorld(({ end }, { text = '' }) =>
    end.some(({ name, content }) => name.includes(text) || content.includes(text)),
  ),
  'made-count': ofWorld(({ added }, { kind, count }) => added.filter((one) => one.kind === kind).length === count),
  added: ofWorld(({ added, removed }) => (isRowChange(added, removed) ? null : added.length > 0)),
  'old-intact': ofWorld(({ removed, altered }) => {
    // That a head moves on or a folder's sum changes is no change of what was there.
    const changed = altered.filter(({ kind }) => kind !== 'head');
    return removed.length + changed.length === 0 ? (altered.length > 0 ? null : true) : false;
  }),
  done: ofWorld(({ isChanged, isAnswerRight }) => (isChanged === null ? null : isChanged && isAnswerRight !== false)),
  'nothing-extra': ofWorld(({ hasExtra }) => (hasExtra === null ? null : !hasExtra)),
};

function ofCountedTools({ calls }: Evidence, { count }: Particulars): boolean | null {
  const sent = new Set(calls.flatMap(({ isSent, name }) => (isSent ? [name] : [])));
  const all = new Set(calls.map(({ name }) => name));
  return sent.size === all.size || (sent.size === count) === (all.size === count) ? sent.size === count : null;
}
