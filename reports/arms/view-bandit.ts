import { randomStream, seedOf } from '../../core/seeds.ts';
import type { Arm } from './arms.ts';
import type { Episode } from '../../core/record/episode-figures.ts';
import { linearBandit } from './linear-bandit.ts';
import { untuned } from './trials.ts';

/** What a token of the longest prompt costs in reward: the second row has 10,000 tokens for a tenth. */
const prices = [0, 1e-5];

/** LinUCB's α. With much less an arm that always pays is never left for one that pays more. */
const exploration = 1;

/** A bandit's choices as an arm of the table `views`. */
export interface Choices {
  readonly label: string;
  readonly policy: string;
  /** Views that it chose among. */
  readonly views: readonly string[];
  readonly split: string;
  readonly episodes: readonly Episode[];
}

/**
 * A contextual bandit over views: for every task it chooses the view by what the prompt looks like, sees what the policy
 * that learnt in that view earned there, and goes on to the next. Episodes are those of the run, so that it costs none.
 */
export function viewBandits(arms: readonly Arm[]): Choices[] {
  const trained = arms.filter(({ jobs }) => jobs.every(({ training }) => training !== null));
  return [...Map.groupBy(trained, policyOf)]
    .filter(([, views]) => views.length > 1 && new Set(views.map(viewOf)).size === views.length)
    .flatMap(([, views]) =>
      splitsOf(views).flatMap((split) => prices.flatMap((price) => choicesOf(views, split, price))),
    );
}

/** Arms of one policy differ in their view alone, and in the settings that were tuned for each. */
const policyOf = ({ jobs }: Arm): string =>
  JSON.stringify(
    jobs.map(({ policy, training }) => [policy, training && { ...training, algorithm: untuned(training.algorithm) }]),
  );

const viewOf = ({ jobs }: Arm): string => jobs[0]?.view ?? '';

const splitsOf = (arms: readonly Arm[]): string[] => [
  ...new Set(arms.flatMap(({ episodes }) => episodes.map(({ phase }) => phase))),
];

function choicesOf(arms: readonly Arm[], split: string, price: number): Choices[] {
  const views = arms.map(viewOf);
  const policy = [...new Set(arms.flatMap(({ jobs }) => jobs.map((job) => job.label ?? job.policy)))].join(' + ');
  const label = `LinUCB over views of ${policy}${price === 0 ? '' : `, ${price} a token`}`;
  const bySeed = Map.groupBy(roundsOf(arms, split), ([episode]) => episode?.seed ?? 0);
  const episodes = [...bySeed].flatMap(([seed, rounds]) => chosenEpisodes(rounds, seed, price));
  return episodes.length === 0 ? [] : [{ label, policy, views, split, episodes }];
}

/** What a bandit chooses that meets each task once, in an order drawn from the seed. */
function chosenEpisodes(rounds: readonly Round[], seed: number, price: number): Episode[] {
  const arms = rounds[0]?.length ?? 0;
  const bandit = linearBandit(arms, contextSize, exploration);
  return randomStream(seedOf('view bandit', seed))
    .shuffle(rounds)
    .map((round) => {
      const context = contextOf(round[0] as Episode);
      const arm = bandit.choose(context);
      const episode = round[arm] as Episode;
      bandit.learn(arm, context, (episode.rewards.rubric ?? 0) - price * episode.peakTokens);
      return episode;
    });
}

/** The episodes of one task and seed, one per view. */
type Round = readonly Episode[];

const roundOf = ({ seed, task }: Episode): string => `${seed} ${task}`;

/** Tasks of each seed that have a scored episode in every view. */
function roundsOf(arms: readonly Arm[], split: string): Round[] {
  const byRound = arms.map(({ episodes }) => {
    const scored = episodes.filter(({ phase, rewards }) => phase === split && rewards.rubric !== null);
    return new Map(scored.map((episode) => [roundOf(episode), episode]));
  });
  return [...(byRound[0]?.values() ?? [])]
    .sort((a, b) => a.seed - b.seed || (a.task < b.task ? -1 : 1))
    .map((episode) => byRound.flatMap((episodesOf) => episodesOf.get(roundOf(episode)) ?? []))
    .filter((round) => round.length === arms.length);
}

const contextSize = 5;

/** Known before anything is done, each about 0 to 1. */
const contextOf = ({ request }: Episode): number[] => [
  1,
  request.words / 50,
  request.sentences / 4,
  request.quotes / 4,
  request.numbers / 4,
];
