import { existsSync, readFileSync } from 'node:fs';
import { writeWhole } from '../../core/record/files.ts';
import type { Estimate } from '../../core/statistics/estimate.ts';
import { armsOf, type Arm } from '../arms/arms.ts';
import { estimate, verified } from '../arms/readings.ts';
import type { Run } from '../../core/record/read-run.ts';
import { jsonText, type Table } from './table.ts';

/** A suite's scale, measured by experiment `anchors`. */
export interface SuiteFigures {
  readonly split: string;
  /** Verified success of random valid calls, of the policy that matches words, and of the reference plan. */
  readonly floor: Estimate | null;
  readonly retrieval: Estimate | null;
  readonly ceiling: Estimate | null;
  /** Longest prompt of the reference plan's episodes, mean in tokens: all schemas at once, and loaded one by one. */
  readonly eagerTokens: Estimate | null;
  readonly toolTokens: Estimate | null;
  /** Wall clock per episode of the reference plan, tools loaded one by one, on the machine that measured. */
  readonly secondsPerEpisode: number | null;
}

/** What is known of a suite without running it. */
export interface SuiteSize {
  readonly name: string;
  readonly families: number;
  readonly servers: number;
  /** `null` where a server is not installed. */
  readonly tools: number | null;
}

export function figuresOf(run: Run): SuiteFigures {
  const arms = new Map(armsOf([run], 'views').map((arm) => [arm.label, arm]));
  const success = (label: string) => of(arms.get(label), (arm) => estimate(arm.episodes, verified));
  const peak = (label: string) =>
    of(arms.get(label), (arm) => estimate(arm.episodes, (episode) => episode.peakTokens, { isShare: false }));
  const [job] = run.manifest.jobs;
  return {
    split: job?.evaluations[0]?.split ?? '',
    floor: success('random, tool'),
    retrieval: success('retrieval, tool'),
    ceiling: success('oracle, tool'),
    eagerTokens: peak('oracle, eager'),
    toolTokens: peak('oracle, tool'),
    secondsPerEpisode: of(arms.get('oracle, tool'), (arm) => secondsOf(run, arm)),
  };
}

const of = <T>(arm: Arm | undefined, read: (arm: Arm) => T): T | null => (arm ? read(arm) : null);

function secondsOf({ timings }: Run, { jobs }: Arm): number | null {
  const names = new Set(jobs.map(({ name }) => name));
  const ofArm = timings.filter(({ job, phase }) => phase !== 'start-up' && names.has(job));
  const total = (key: 'episodes' | 'seconds') => ofArm.reduce((sum, timing) => sum + timing[key], 0);
  return total('episodes') === 0 ? null : total('seconds') / total('episodes');
}

/** Figures by suite; a suite that was never measured is absent. */
export function readFigures(file: URL): Readonly<Record<string, SuiteFigures>> {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, SuiteFigures>) : {};
}

export function writeFigures(path: string, figures: Readonly<Record<string, SuiteFigures>>): void {
  const sorted = Object.entries(figures).sort(([a], [b]) => (a < b ? -1 : 1));
  writeWhole(path, jsonText(Object.fromEntries(sorted)));
}

export function suitesTable(sizes: readonly SuiteSize[], figures: Readonly<Record<string, SuiteFigures>>): Table {
  return {
    name: 'suites',
    title: 'Suites',
    about:
      'Verified success of random valid calls (floor), of a policy that matches words (retrieval) and of the reference plan ' +
      '(ceiling), tools loaded one by one, with 95 % intervals; longest prompt of the reference plan in tokens with all ' +
      'schemas at once (eager) and loaded one by one (tool); its seconds per episode on the machine that measured. Files of ' +
      'own tasks are suites too. Measure again with `toolstone suites --measure NAME`.',
    columns: [
      { key: 'suite', title: 'suite', kind: 'text' },
      { key: 'families', title: 'families', kind: 'count' },
      { key: 'servers', title: 'servers', kind: 'count' },
      { key: 'tools', title: 'tools', kind: 'count' },
      { key: 'tasks', title: 'tasks measured', kind: 'text' },
      { key: 'floor', title: 'floor', kind: 'share' },
      { key: 'retrieval', title: 'retrieval', kind: 'share' },
      { key: 'ceiling', title: 'ceiling', kind: 'share' },
      { key: 'eager', title: 'eager tokens', kind: 'amount' },
      { key: 'tool', title: 'tool tokens', kind: 'amount' },
      { key: 'seconds', title: 'seconds', kind: 'share' },
    ],
    rows: sizes.map(({ name, families, servers, tools }) => {
      const measured = figures[name];
      return {
        suite: name,
        families,
        servers,
        tools,
        tasks: measured ? `${measured.ceiling?.tasks ?? 0} of ${measured.split}` : null,
        floor: measured?.floor ?? null,
        retrieval: measured?.retrieval ?? null,
        ceiling: measured?.ceiling ?? null,
        eager: measured?.eagerTokens?.value ?? null,
        tool: measured?.toolTokens?.value ?? null,
        seconds: measured?.secondsPerEpisode ?? null,
      };
    }),
  };
}
