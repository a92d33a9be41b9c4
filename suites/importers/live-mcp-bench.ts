import { basename, dirname, join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { worldFolderOf } from '../../core/world-root.ts';
import type { OwnCheck, OwnTask } from '../own-tasks/format.ts';
import type { Importer } from './reading/importer.ts';
import { collect, type ReadTask } from './reading/collect.ts';
import { SkippedRecord, type Fields } from './reading/fields.ts';
import { filesIn, isFolder, jsonOf } from './reading/files.ts';
import { forJudge } from './reading/for-judge.ts';
import {
  fileServerHere,
  knownServers,
  ownServersHere,
  serverHere,
  standInNotes,
  type ServerHere,
} from './reading/servers.ts';

const name = 'live-mcp-bench';
/** Where the benchmark's image keeps the files that its servers see. */
const imageHome = '/root';

/** The benchmark lets a model judge key points; code checks a number that is the annotated answer, and that a file is there. */
export default {
  name,
  summary:
    'LiveMCPBench: its list of tasks (JSON); a folder `annotated_data` beside or above holds the starting files.',
  read: (input) => {
    const list = jsonOf(input);
    if (!Array.isArray(list))
      throw new UsageError(`${input} is no list of tasks. Name the JSON file with LiveMCPBench's tasks.`);
    const start = annotatedData(input);
    return collect({
      name,
      summary: 'Tasks of LiveMCPBench that run on servers here.',
      input,
      records: { records: list.map((value, at) => ({ where: `${basename(input)}[${at}]`, value })), torn: [] },
      idOf: (record) => record.any('task_id'),
      readOne: (record, id) => readOne(record, id, start),
    });
  },
} satisfies Importer;

type Start = Readonly<Record<string, string>>;

const isBelow = (path: string) => path.includes('/');

/** Files of `annotated_data` in the folders of the image's `/root`; lists of tasks at its top are none of them. */
function annotatedData(input: string): Start | null {
  const here = dirname(input);
  const folder = [here, join(here, 'annotated_data'), join(here, '..', 'annotated_data')].find(
    (path) => basename(path) === 'annotated_data' && isFolder(path),
  );
  if (folder === undefined) return null;
  return Object.fromEntries(Object.entries(filesIn(folder)).filter(([path]) => isBelow(path)));
}

function readOne(record: Fields, id: string, start: Start | null): ReadTask {
  record.any('task_id');
  const question = record.text('Question');
  const answer = record.textOr('answers', '');
  record.leave('a label only', 'category');
  record.leave('results of a run, no part of the task', 'response', 'messages');
  const fileName = record.textOr('file_name', '');
  const metadata = record.object('Annotator Metadata');
  const steps = listItems(metadata.textOr('Steps', ''));
  const tools = listItems(metadata.textOr('Tools', '')).map((tool) => tool.trim());
  metadata.leave('says again how long the list is', 'Number of steps', 'Number of tools');
  if (tools.length === 0) throw new SkippedRecord('wrong record: "Annotator Metadata.Tools" names no tool');
  const { checks, made: madePaths } = checksOf(answer);
  const { here, absent } = serversOf(tools, madePaths.length > 0);
  const fileServer = fileServerHere(name);
  const needsFiles = here.some(({ server }) => server === fileServer);
  const paths = [...question.matchAll(/\/root\/[^\s'"`,;:()]*[^\s'"`,;:().]/g)].map(([path]) => path.slice(6));
  if (fileName !== '') paths.push(fileName);
  const lacking = paths.filter(
    (path) =>
      !madePaths.includes(path) && !madePaths.some((madePath) => madePath.startsWith(`${path}/`)) && !has(start, path),
  );
  if (lacking.length > 0)
    throw new SkippedRecord(
      `its starting files are not here: ${lacking.join(', ')}`,
      'put them below a folder `annotated_data` beside the input',
    );
  return {
    task: {
      id,
      prompt: question.replaceAll(`${imageHome}/`, `${worldFolderOf(fileServerHere(name))}/`),
      servers: [...new Set(here.map(({ server }) => server))],
      ...(needsFiles && start ? { folders: { [fileServer]: `${name}.files/annotated_data` } } : {}),
      checks,
      ...rubricOf(steps, answer),
    },
    notes: [
      ...standInNotes(here),
      ...(question.includes(`${imageHome}/`)
        ? [`Question: ${imageHome} is ${worldFolderOf(fileServerHere(name))} here`]
        : []),
      'Annotator Metadata.Steps: each is a criterion; they are no calls, so that there is no plan',
      'Annotator Metadata.Tools: hints which servers to offer; a policy may use any of their tools',
      ...(absent.length > 0 ? [`Annotator Metadata.Tools: no server here is known to offer ${absent.join(', ')}`] : []),
      isNumber(answer)
        ? 'answers: the final answer must hold this number'
        : 'answers: whether the answer, or the file, says this is for a judge',
    ],
    beside: needsFiles && start ? prefixed(start) : {},
  };
}

/** The annotators' steps are one way to do it, and so none that must be gone. */
const rubricOf = (steps: readonly string[], answer: string): Pick<OwnTask, 'rubric'> => ({
  rubric: [
    { criterion: 'The task is done, whatever way was taken.', category: 'task-fulfilment', weight: 3 },
    ...(answer === '' || answer.startsWith('file ')
      ? []
      : [
          {
            criterion: `The answer says, in whatever words: ${answer}`,
            category: 'task-fulfilment' as const,
            weight: 3,
          },
        ]),
    ...[...new Set(steps)].map((step) => ({
      criterion: `What this step is for was achieved, in this or another way: ${step}`,
      category: 'task-fulfilment' as const,
    })),
  ],
});

/** Items of a numbered list, without their numbers. */
const listItems = (text: string) =>
  text
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*\d+[.)]\s*/, '').trim())
    .filter((line) => line !== '');

/**
 * Servers that are offered. The annotators' tools are hints: with servers of the user's own all of these are offered, and whether they
 * will do is for the policy to find out; without any, each hint must have a server here.
 */
function serversOf(
  tools: readonly string[],
  makesFile: boolean,
): {
  readonly here: readonly ServerHere[];
  readonly absent: readonly string[];
} {
  const own = ownServersHere();
  const candidates = knownServers(name).map((server) => serverHere(name, server));
  const standIns = tools.map((tool) =>
    candidates.find((candidate) => !('absent' in candidate) && Object.hasOwn(candidate.tools ?? {}, tool)),
  );
  const absent = tools.filter((_, at) => standIns[at] === undefined);
  if (absent.length > 0 && own.length === 0)
    throw new SkippedRecord(
      `the tools that its annotators used are offered by no server here: ${absent.join(', ')}`,
      'give servers for them by --servers FILE: all of them are then offered, whatever their tools are called',
    );
  const found = standIns.filter((one): one is ServerHere => one !== undefined && !('absent' in one));
  const here = [...own, ...found, ...(own.length > 0 && makesFile ? [{ server: fileServerHere(name) }] : [])];
  return { here: [...new Map(here.map((one) => [one.server, one])).values()], absent };
}

const isNumber = (answer: string): boolean => /^[-−]?\d[\d,]*(\.\d+)?$/u.test(answer);

/** `file /root/…`: it must be there, and what it says is for a judge. A number must be in the answer; a text may be said in other words. */
function checksOf(answer: string): { readonly checks: readonly OwnCheck[]; readonly made: readonly string[] } {
  const path = /^file\s+\/root\/(\S.*)$/.exec(answer)?.[1];
  if (path !== undefined)
    return {
      checks: [
        { name: `${path} is there`, file: { server: fileServerHere(name), path }, matches: '^' },
        { judged: `what ${path} says is what the task asks for` },
      ],
      made: [path],
    };
  if (isNumber(answer))
    return { checks: [{ name: `the answer says ${answer}`, answer: { contains: answer } }], made: [] };
  return {
    checks: forJudge(
      answer === '' ? 'the answer does what the task asks for' : `the answer says, in whatever words: ${answer}`,
    ),
    made: [],
  };
}

const has = (start: Start | null, path: string) =>
  start !== null && Object.keys(start).some((file) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`));

const prefixed = (files: Start) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${name}.files/annotated_data/${path}`, text]));
