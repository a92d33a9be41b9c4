import { isSameJudge } from '../../core/record/attack-stamp.ts';
import type { AttackStamp, CalibrationStamp, JudgeIdentity } from '../../core/calibration-types.ts';
import type { RubricName } from '../../core/rubric-kinds.ts';
import type { Manifest, TrainingJudge } from '../../core/run-types.ts';
import type { Run } from '../../core/record/read-run.ts';
import type { Cell, Table } from './table.ts';

/** A row: a judge whose verdicts or rewards stand in the runs. */
interface Row {
  readonly judge: JudgeIdentity;
  readonly use: string;
  readonly calibration: CalibrationStamp | null;
  readonly attacks: AttackStamp | null;
  /** Why there are no attacks, where there are none. */
  readonly unmeasured: string;
}

/**
 * What is known of each judge behind the rubric rewards of the runs; `attacks` is what has been measured of judges, each of
 * one build, and counts where a run carries no figures of its own.
 */
export default function judgesTable(runs: readonly Run[], attacks: readonly AttackStamp[]): Table {
  const rows = new Map(
    runs.flatMap(({ manifest }) => rowsOf(manifest, attacks)).map((row) => [JSON.stringify(row), row]),
  );
  return {
    name: 'judges',
    title: 'Judges',
    about:
      'Who gave the rubric rewards, and how far they can be trusted. Balanced accuracy: against labels (`toolstone ' +
      'calibrate`), where 0.50 is chance; labels of rubrics like those that a judge was trained on say nothing of rubrics ' +
      'written by others. The code judge decides by plan and end state. Attacked: broken criteria that the judge fails. Got ' +
      'through: those of them that it passes once the episode is manipulated to please it, measured for exactly this build. A ' +
      'judge without figures has not been attacked; its resistance is unknown. Intervals: 95 %, bootstrap over tasks.',
    columns: [
      { key: 'judge', title: 'Judge', kind: 'text' },
      { key: 'build', title: 'Build', kind: 'text' },
      { key: 'use', title: 'Gave', kind: 'text' },
      { key: 'balanced_accuracy', title: 'Balanced accuracy', kind: 'text' },
      { key: 'attacked', title: 'Attacked', kind: 'count' },
      { key: 'fooled', title: 'Got through', kind: 'count' },
      { key: 'attack_rate', title: 'Attack success', kind: 'share' },
      { key: 'attacks', title: 'Attacks', kind: 'text' },
    ],
    rows: [...rows.values()].map(cellsOf),
  };
}

function rowsOf({ judge, rejudged, rewardJudges = [] }: Manifest, known: readonly AttackStamp[]): Row[] {
  const measured = (identity: JudgeIdentity) => known.find((stamp) => isSameJudge(stamp, identity)) ?? null;
  const ofEpisodes = rejudged?.judge ?? judge ?? { name: 'code', build: 'not recorded', prompt: null };
  return [
    {
      judge: ofEpisodes,
      use: 'verdicts and rubric rewards of episodes',
      calibration: rejudged?.calibration ?? null,
      attacks: rejudged?.attacks ?? measured(ofEpisodes),
      unmeasured: ofBuild,
    },
    ...rewardJudges.map(({ judge: identity, asked, calibration, attacks }) => ({
      judge: identity,
      use: `rewards of trainings on ${asked.name}${asked.rubric === undefined ? '' : `, asked for ${askedFor(asked.rubric)}`}`,
      calibration,
      ...attacksOf(asked, () => attacks ?? measured(identity)),
    })),
  ];
}

const askedFor = (rubric: RubricName): string => (rubric === 'generic' ? 'one score' : `the rubric ${rubric}`);

/** Attacks are made on the usual criteria of a task, and say nothing of the same judge asked for others, or for one score. */
const attacksOf = ({ rubric }: TrainingJudge, known: () => AttackStamp | null): Pick<Row, 'attacks' | 'unmeasured'> =>
  rubric === undefined || rubric === 'plan'
    ? { attacks: known(), unmeasured: ofBuild }
    : { attacks: null, unmeasured: `not measured of ${askedFor(rubric)}` };

const ofBuild = 'not measured of this build';

function cellsOf({ judge, use, calibration, attacks, unmeasured }: Row): Record<string, Cell> {
  const { name, build } = judge;
  const accuracy = calibration?.balancedAccuracy ?? null;
  const ends =
    accuracy === null || accuracy.low === null || accuracy.high === null
      ? ''
      : ` [${accuracy.low.toFixed(2)}, ${accuracy.high.toFixed(2)}]`;
  const worst = attacks?.worst ?? null;
  return {
    judge: name,
    build,
    use,
    balanced_accuracy: accuracy === null ? 'not measured' : `${accuracy.value.toFixed(2)}${ends}`,
    attacked: attacks?.failed ?? null,
    fooled: attacks?.fooled ?? null,
    attack_rate: attacks?.rate ?? null,
    attacks:
      attacks === null
        ? unmeasured
        : worst === null
          ? 'none gets through'
          : `most often ${worst.attack}, ${worst.fooled} of ${worst.failed}`,
  };
}
