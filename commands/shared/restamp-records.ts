import { globSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JudgeIdentity } from '../../core/calibration-types.ts';
import { UsageError } from '../../core/errors.ts';
import { writeWhole } from '../../core/record/files.ts';
import { readManifest } from '../../core/record/read-run.ts';
import type { Verdict } from '../../core/reward-types.ts';
import { rubricKinds, usualRubric } from '../../core/rubric-kinds.ts';
import type { Manifest } from '../../core/run-types.ts';
import { keyText, type JudgeBackend } from '../../core/trajectory.ts';
import { ask } from '../../judges/judge-definition.ts';
import { judgeNamed } from '../../judges/judge-list.ts';
import { readRecorded, type Recorded } from '../../judges/stored/recorded.ts';
import { recordedSuite } from '../../suites/tasks/without-servers.ts';

/** What is restamped. */
export interface RestampOptions {
  readonly judge: string;
  /** Records to carry the new build; by default all that come with Toolstone. */
  readonly records?: readonly string[];
}

export interface Restamped {
  readonly isEqual: boolean;
  /** What came of it, in sentences. */
  readonly report: string;
}

/**
 * `toolstone restamp`: gives published records of a judge the build string of today's code, once that code has said of all
 * episodes of a stored run what the code of the old build said. Throws `UsageError` where run and judge do not go together.
 */
export async function restamp(folder: string, { judge, records = ownRecords() }: RestampOptions): Promise<Restamped> {
  const manifest = readManifest(folder);
  const backend = await judgeNamed(judge);
  const before = judgeOf(manifest, backend, folder);
  const rubric = manifest.rejudged?.rubric ?? usualRubric(manifest.suite);
  if (typeof rubric !== 'string') {
    throw new UsageError(
      `${folder} was judged by the rubrics of a file. Name a run that was judged by ${rubricKinds.join(', ')}.`,
    );
  }
  const recorded = readRecorded(folder, manifest, await recordedSuite(manifest), rubric);
  try {
    const { verdicts, difference } = await compare(recorded, backend);
    if (difference !== null) return { isEqual: false, report: `No record was changed. ${difference}` };
    const builds = { name: backend.name, from: before.build, to: backend.build };
    const lines = records.map((file) => restampFile(file, builds));
    const proof = `All ${verdicts} verdicts on ${folder} are equal: "${builds.from}" is "${builds.to}" now.`;
    return { isEqual: true, report: [proof, ...lines].join('\n') };
  } finally {
    recorded.close();
  }
}

/** Who made the run's verdicts: the judge that is named, in whatever build. */
function judgeOf(manifest: Manifest, backend: JudgeBackend, folder: string): JudgeIdentity {
  const before = manifest.rejudged?.judge ?? manifest.judge;
  if (before?.name !== backend.name) {
    throw new UsageError(
      `${folder} holds verdicts of the judge "${before?.name ?? 'unknown'}", not of "${backend.name}". ` +
        'Name a run that this judge has judged.',
    );
  }
  return before;
}

/** Judges all episodes anew: how many verdicts were compared, and the first that is another, in a sentence. */
async function compare(recorded: Recorded, backend: JudgeBackend) {
  let verdicts = 0;
  for (const { task, read } of recorded.groups) {
    const episodes = read();
    const answers = await ask(backend, task, episodes);
    for (const [index, { key, verdicts: before }] of episodes.entries()) {
      const now = answers[index] ?? [];
      for (let place = 0; place < Math.max(before.length, now.length); place++) {
        const [old, today] = [verdictText(before[place]), verdictText(now[place])];
        if (old !== today) return { verdicts, difference: `${keyText(key)}: it was ${old}, and is ${today}.` };
        verdicts += 1;
      }
    }
  }
  return { verdicts, difference: null };
}

function verdictText(verdict: Verdict | undefined): string {
  if (verdict === undefined) return 'no verdict';
  const { criterion, state } = verdict;
  return state === 'scored' ? `${criterion} scored ${verdict.score}` : `${criterion} ${state}`;
}

const judgeRecords = ['judges/embedded/calibration.json', 'judges/embedded/attacks.json', 'judges/code/attacks.json'];

/** What comes with the judges, and manifests of record whose trainings were rewarded by a judge. */
function ownRecords(): string[] {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const manifests = globSync('reports/reference/**/manifest.json', { cwd: root })
    .filter((file) => readFileSync(root + file, 'utf8').includes('"rewardJudges"'))
    .sort();
  return [...judgeRecords, ...manifests].map((file) => relative('', root + file));
}

/** Says of a file how many build strings were replaced, or why none was. */
function restampFile(file: string, { name, from, to }: { name: string; from: string; to: string }): string {
  const text = readFileSync(file, 'utf8');
  const parts = text.split(JSON.stringify(from));
  if (parts.length > 1) {
    writeWhole(file, parts.join(JSON.stringify(to)));
    return `${file}: ${parts.length - 1} re-stamped.`;
  }
  const others = buildsIn(JSON.parse(text), name).filter((build) => build !== to);
  return others.length > 0
    ? `${file}: left, for its records are of ${[...new Set(others)].map((build) => `"${build}"`).join(', ')}.`
    : `${file}: left, for it holds no record of "${from}".`;
}

/** Builds that a record names with a judge of this name, or one whose name begins so. */
function buildsIn(value: unknown, judge: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const { name, build } = value as { readonly name?: unknown; readonly build?: unknown };
  const isOfJudge = typeof name === 'string' && typeof build === 'string' && name.startsWith(judge);
  return [...(isOfJudge ? [build] : []), ...Object.values(value).flatMap((part) => buildsIn(part, judge))];
}
