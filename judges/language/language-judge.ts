import pLimit from 'p-limit';
import { createHash } from 'node:crypto';
import type { JudgeIdentity } from '../../core/calibration-types.ts';
import { reachOf } from '../../core/identity/reach.ts';
import { moduleEnding } from '../../core/list.ts';
import type { ModelClient } from '../../core/models/model-client.ts';
import type { Criterion } from '../../core/reward-types.ts';
import { randomStream, seedOf } from '../../core/seeds.ts';
import type { JudgeBackend, Trajectory } from '../../core/trajectory.ts';
import type { JudgeResources } from '../judge-definition.ts';
import { answersTo, type Asking } from './ask.ts';
import { openCostBook, type JudgeCosts } from './costs.ts';
import { criterionText, evidence } from './evidence.ts';
import { mergeVotes, verdictOf } from './merge.ts';
import type { Question } from './question.ts';
import type { Settings } from './settings.ts';
import { verdictCache } from './verdict-cache.ts';

/** A judge that costs something. */
export interface CostedJudge extends JudgeBackend {
  readonly costs: () => JudgeCosts;
}

/**
 * Judges by a language model, one question per call (see `Settings`); `suffix` completes its name. Rejects with `UsageError`
 * at once where the model is not there.
 */
export async function languageJudge(
  client: ModelClient,
  settings: Settings,
  suffix: string,
  { cacheFolder, now }: JudgeResources,
): Promise<CostedJudge> {
  const build = client.build ? await client.build(AbortSignal.timeout(60_000)) : 'unknown';
  const identity: JudgeIdentity = { name: client.name + suffix, build, prompt: promptOf(settings) };
  const book = openCostBook();
  const cache = cacheFolder === undefined ? null : verdictCache(cacheFolder);
  const reading = hashOf('answer');
  const asking: Asking = { client, identity, reading, settings, book, cache, ...(now ? { now } : {}) };
  const limit = pLimit(settings.concurrency);
  return {
    ...identity,
    costs: book.costs,
    judge: async (task, trajectories, signal = new AbortController().signal) => {
      const { criteria } = task.rubric;
      const all = trajectories.map((trajectory, index) => ({ trajectory, index }));
      const groups = settings.group === 1 ? [all] : all.map((one) => [one]);
      const calls = groups
        .filter((group) => group.length > 0)
        .flatMap((group) => partsOf(criteria, settings.scope).flatMap((part) => votesOf(group, part, settings)));
      const answers = await Promise.all(calls.map((call) => limit(() => put(call, asking, signal))));
      const votes = Map.groupBy(answers.flat(), ({ index, verdict }) => `${index} ${verdict.criterion}`);
      return all.map(({ index }) =>
        criteria.map(({ id }) => {
          const ofCriterion = votes.get(`${index} ${id}`) ?? [];
          return mergeVotes(
            id,
            ofCriterion.map(({ verdict }) => verdict),
          );
        }),
      );
    },
  };
}

/** SHA-256 (hex) of all that makes up a prompt: texts, code that renders, and settings. */
function promptOf({ scope, scale, group, evidenceTokens, criterionTokens }: Settings): string {
  const settings = JSON.stringify([scope, scale, group, evidenceTokens, criterionTokens]);
  return createHash('sha256').update(hashOf('evidence', 'question')).update(settings).digest('hex');
}

/** Of all that modules of this folder are made of. */
const hashOf = (...names: readonly string[]): string =>
  reachOf(names.map((name) => new URL(`./${name}${moduleEnding}`, import.meta.url))).hash;

function partsOf(criteria: readonly Criterion[], scope: Settings['scope']): (readonly Criterion[])[] {
  if (scope === 'all') return [criteria];
  if (scope === 'criterion') return criteria.map((one) => [one]);
  return [...Map.groupBy(criteria, ({ category }) => category).values()];
}

interface Shown {
  readonly trajectory: Trajectory;
  /** Its place among those that the judge was given. */
  readonly index: number;
}

/** One call: what is shown in which order. */
interface Call {
  readonly group: readonly Shown[];
  readonly criteria: readonly Criterion[];
  readonly seed: number;
}

/** Orders hang on what is shown and the judge's seed alone, so that they are the same in every run. */
function votesOf(group: readonly Shown[], criteria: readonly Criterion[], settings: Settings): Call[] {
  return Array.from({ length: settings.votes }, (_, vote) => {
    const seed = seedOf('judge', settings.seed, vote) >>> 1;
    const order = randomStream(
      seedOf('order', seed, ...criteria.map(({ id }) => id), ...group.map(({ trajectory }) => trajectory.prompt)),
    );
    return {
      group: settings.group === 1 ? order.shuffle(group) : group,
      criteria: settings.votes > 1 ? order.shuffle(criteria) : criteria,
      seed,
    };
  });
}

/** What a call asks. */
export function questionOf(
  group: readonly Trajectory[],
  criteria: readonly Criterion[],
  settings: Pick<Settings, 'evidenceTokens' | 'criterionTokens' | 'scale' | 'group'>,
): Question {
  const share = Math.floor(settings.evidenceTokens / group.length);
  return {
    records: group.map((trajectory) => evidence(trajectory, share)),
    criteria: criteria.map(({ description }) => criterionText(description, settings.criterionTokens)),
    scale: settings.scale,
    isGroup: settings.group === 1,
  };
}

async function put({ group, criteria, seed }: Call, asking: Asking, signal: AbortSignal) {
  const { settings } = asking;
  const isGroup = settings.group === 1;
  const question = questionOf(
    group.map(({ trajectory }) => trajectory),
    criteria,
    settings,
  );
  const outcomes = await answersTo(question, seed, asking, signal);
  // the place of what was shuffled: the record among its group, else the criterion among the others
  return group.flatMap(({ index }, record) =>
    criteria.map(({ id }, place) => {
      const position = isGroup ? record : settings.votes > 1 && criteria.length > 1 ? place : null;
      return { index, verdict: verdictOf(id, outcomes[record]?.[place], position) };
    }),
  );
}
