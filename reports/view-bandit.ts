import { linearBandit } from '../core/linear-bandit.ts';
import type { Arm } from './arms.ts';
import type { Episode } from './episode.ts';

/** What a token of the longest prompt costs in reward: the second row has 10,000 tokens for a tenth. */
const prices = [0, 1e-5];

/** LinUCB's α: rewards lie within 0 and 1, and rounds are hundreds. */
const exploration = 0.3;

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
    .filter(([, views]) => views.length > 1)
    .flatMap(([, views]) => splitsOf(views).flatMap((split) => prices.flatMap((price) => chosen(views, split, price))));
}

/** Arms of one policy differ in their view alone. */
const policyOf = ({ jobs }: Arm): string => JSON.stringify(jobs.map(({ policy, training }) => [policy, training]));

const splitsOf = (arms: readonly Arm[]): string[] => [
  ...new Set(arms.flatMap(({ episodes }) => episodes.map(({ phase }) => phase))),
];

function chosen(arms: readonly Arm[], split: string, price: number): Choices[] {
  const rounds = roundsOf(arms, split);
  const [first] = rounds;
  if (!first) return [];
  const bandit = linearBandit(arms.length, contextOf(first[0] as Episode).length, exploration);
  const episodes = rounds.map((round) => {
    const context = contextOf(round[0] as Episode);
    const arm = bandit.choose(context);
    const episode = round[arm] as Episode;
    bandit.learn(arm, context, (episode.rewards.rubric ?? 0) - price * episode.peakTokens);
    return episode;
  });
  return [
    {
      label: `LinUCB over views${price === 0 ? '' : `, ${price} a token`}`,
      policy: 'pointer',
      views: arms.map(({ jobs }) => jobs[0]?.view ?? ''),
      split,
      episodes,
    },
  ];
}

const roundOf = ({ seed, task }: Episode): string => `${seed} ${task}`;

/** Tasks, seed by seed, with the valid episode of every view. */
function roundsOf(arms: readonly Arm[], split: string): Episode[][] {
  const byRound = arms.map(({ episodes }) => {
    const valid = episodes.filter(({ phase, success }) => phase === split && success !== null);
    return new Map(valid.map((episode) => [roundOf(episode), episode]));
  });
  const [first] = byRound;
  return [...(first?.values() ?? [])]
    .sort((a, b) => a.seed - b.seed || (a.task < b.task ? -1 : 1))
    .map((episode) => byRound.flatMap((one) => one.get(roundOf(episode)) ?? []))
    .filter((round) => round.length === arms.length);
}

/** Known before anything is done, each about 0 to 1. */
const contextOf = ({ request }: Episode): number[] => [
  1,
  request.words / 50,
  request.sentences / 4,
  request.quotes / 4,
  request.numbers / 4,
];
