import { armLabel } from '../../core/arm-label.ts';
import type { Job, TableName, TrainingJudge } from '../../core/run-types.ts';

/** Jobs that differ in nothing but their seed, under the one name and colour that every part of a page gives them. */
export interface NamedArm {
  readonly name: string;
  /** Place among the run's arms, from 0; its colour goes by it. */
  readonly number: number;
  readonly jobs: readonly Job[];
}

/** Colours of the page's style sheet by which charts and tables tell arms apart; further ones begin anew, in other dashes. */
export const armColours = 24;

export interface NamedArms {
  readonly all: readonly NamedArm[];
  readonly ofJob: (name: string) => NamedArm | null;
  /** The arm that a table's row of this label is about; `null` where the label pools several or none. */
  readonly ofRow: (table: TableName, label: string) => NamedArm | null;
}

/** From the widest of their words to the narrowest. */
const tables: readonly TableName[] = ['algorithms', 'rewards', 'views', 'growth'];

/**
 * Arms in the order of the jobs. A name is made of what the tables call the arm, each part once (`GRPO, rubric` and
 * `rubric, code` are `GRPO, rubric, code`) but for a view that all arms share, and of how it was made where other arms are called the same.
 */
export function namedArms(jobs: readonly Job[]): NamedArms {
  const [view, ...otherViews] = new Set(jobs.map((job) => job.view));
  const common = otherViews.length === 0 ? view : undefined;
  const groups = [...Map.groupBy(jobs, (job) => JSON.stringify([labelsOf(job), kindOf(job)])).values()];
  const called = groups.map(([first]) => (first ? calledBy(first, common) : ''));
  const all = groups.map((ofArm, number): NamedArm => {
    const name = called[number] as string;
    const isShared = called.filter((other) => other === name).length > 1;
    return { name: isShared ? `${name}: ${kindOf(ofArm[0] as Job)}` : name, number, jobs: ofArm };
  });
  const byJob = new Map(all.flatMap((arm) => arm.jobs.map(({ name }) => [name, arm] as const)));
  return {
    all,
    ofJob: (name) => byJob.get(name) ?? null,
    ofRow: (table, label) => {
      const [arm, ...more] = all.filter(({ jobs: [first] }) => first?.rows[table] === label);
      return more.length > 0 ? null : (arm ?? null);
    },
  };
}

const labelsOf = ({ rows }: Job): string[] => tables.flatMap((table) => rows[table] ?? []);

/** `common`: the view of all jobs of the run, which goes without saying. */
function calledBy(job: Job, common: string | undefined): string {
  const parts = new Set(labelsOf(job).flatMap((label) => label.split(', ')));
  if (common !== undefined && parts.size > 1) parts.delete(common);
  return [...parts].join(', ') || kindOf(job);
}

/** What a job is but for its seed: its training, or its policy, and its view. */
function kindOf({ training, policy, label, view, execution }: Job): string {
  if (training === null) return armLabel(label ?? policy, { view, execution });
  const { algorithm, reward, judge } = training;
  return [algorithm, reward, ...(judge ? [judgeLabel(judge)] : []), view].join(', ');
}

/** A judge as charts and tables call it: two of one name may have been asked differently. */
const judgeLabel = ({ name, rubric, unfit }: TrainingJudge): string =>
  [name, ...(rubric === undefined ? [] : [rubric]), ...(unfit === 'refuse' ? [] : [unfit])].join(' ');
