/**
 * Run by test/lists.test.ts in a copy of the source tree, into each of whose lists a file `planted` was dropped: gives the
 * command lines that it is told one after the other, opens what no command names, and prints what was answered as JSON.
 */
import { textCalls } from '../baselines/model-loop/text-calls.ts';
import { commandLine } from '../commands/shared/command-line.ts';
import { openPolicy, openView, openWorldPool, runEpisode, score } from '../commands/shared/library.ts';
import { judgeNamed } from '../judges/judge-list.ts';
import { attacksNamed } from '../meta-evaluation/attacks/attack-list.ts';
import { defectsNamed } from '../meta-evaluation/defects/defect-list.ts';
import { sinkNamed, sourceNamed } from '../suites/goals/sub-goal-list.ts';
import { familiesNamed } from '../suites/tasks/family-list.ts';
import { suiteNamed } from '../suites/tasks/suite-list.ts';
import { suiteOf } from '../suites/tasks/suite-of.ts';

export interface Answers {
  /** Exit code and all output of each command line. */
  readonly commands: readonly { readonly code: number; readonly text: string }[];
  /** What each door gives for `planted`, and what it says of `nope`. */
  readonly doors: Readonly<Record<string, { readonly used: unknown; readonly fault: string }>>;
}

const commandLines = JSON.parse(process.argv[2] ?? '[]') as readonly (readonly string[])[];
const write = process.stdout.write.bind(process.stdout);

async function give(args: readonly string[]): Promise<Answers['commands'][number]> {
  let text = '';
  const keep = (chunk: string | Uint8Array) => ((text += chunk.toString()), true);
  process.stdout.write = process.stderr.write = keep;
  process.exitCode = 0;
  await commandLine(args);
  // Each command adds its own.
  process.removeAllListeners('uncaughtException');
  process.stdout.removeAllListeners('error');
  return { code: exitCodeNow(), text };
}

/** Read anew, since a command sets what the compiler takes for what was set before it. */
const exitCodeNow = (): number => Number(process.exitCode ?? 0);

const prompts = async () => (await suiteNamed('planted')).tasks('train', 60).map(({ prompt }) => prompt);

/** What the family that `toolstone new` wrote stands: its oracle solves it in every view, and doing nothing does not. */
async function writtenFamily(): Promise<unknown> {
  const families = await familiesNamed('fresh');
  const servers = ['filesystem', 'memory'];
  const suite = suiteOf({ name: 'fresh', summary: '', splits: ['test'], families, servers });
  const [task] = suite.tasks('test', 1);
  if (!task) return 'no task';
  const pool = await openWorldPool({ lanes: 1 });
  const isSolved = async (name: string, view: string) => {
    const policy = await openPolicy(name, { suite });
    const trajectory = await runEpisode({ suite, task, policy, pool, view: await openView(view) });
    return (await score(task, trajectory)).success?.verified;
  };
  try {
    const solved: string[] = [];
    for (const view of ['eager', 'server', 'tool']) if (await isSolved('oracle', view)) solved.push(view);
    const ways = Math.min(...families.map(({ wording }) => Math.min(...Object.values(wording.count))));
    return { ways, solved, idle: await isSolved('no-op', 'tool') };
  } finally {
    await pool.dispose();
  }
}

const doors: Readonly<Record<string, readonly [use: () => unknown, misuse: () => unknown]>> = {
  family: [async () => (await familiesNamed('planted'))[0]?.name, () => familiesNamed('nope')],
  'written family': [writtenFamily, () => undefined],
  source: [async () => (await prompts()).every((text) => text.includes('PLANTED SOURCE')), () => sourceNamed('nope')],
  sink: [async () => (await prompts()).some((text) => text.includes('PLANTED SINK')), () => sinkNamed('nope')],
  defect: [async () => (await defectsNamed(['planted']))[0]?.name, () => defectsNamed(['nope'])],
  attack: [async () => (await attacksNamed(['planted']))[0]?.name, () => attacksNamed(['nope'])],
  // No user names one.
  'form of calls': [() => textCalls('PLANTED').calls[0]?.name, () => undefined],
  judge: [async () => typeof (await judgeNamed('planted')).judge, () => judgeNamed('nope')],
};

async function answerOf(work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    return error instanceof Error ? error.message : error;
  }
}

const answers: { commands: Answers['commands'][number][]; doors: Record<string, { used: unknown; fault: string }> } = {
  commands: [],
  doors: {},
};
for (const args of commandLines) answers.commands.push(await give(args));
for (const [list, [use, misuse]] of Object.entries(doors))
  answers.doors[list] = { used: await answerOf(use), fault: String(await answerOf(misuse)) };
process.stdout.write = write;
write(JSON.stringify(answers), () => process.exit(0));
