import { basename, dirname, join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { worldFolderOf } from '../../core/world-root.ts';
import type { OwnCheck } from '../own-tasks/format.ts';
import type { Importer } from './reading/importer.ts';
import { collect, type ReadTask } from './reading/collect.ts';
import { SkippedRecord, type Fields } from './reading/fields.ts';
import { folderTexts, isFolder, jsonOf } from './reading/files.ts';
import { numberPattern } from './reading/hard-values.ts';
import { knownServers, serverHere, standInNotes, type ServerHere } from './reading/servers.ts';

const name = 'live-mcp-bench';
/** Where the benchmark's image keeps the files that its servers see. */
const imageHome = '/root';

/** The benchmark lets a model judge key points; checked is the annotated answer: a file that must be there, or a text. */
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

type Start = ReturnType<typeof folderTexts>;

const isBelow = (path: string) => path.includes('/');

/** Text files of `annotated_data` in the folders of the image's `/root`; lists of tasks at its top are none of them. */
function annotatedData(input: string): Start | null {
  const here = dirname(input);
  const folder = [here, join(here, 'annotated_data'), join(here, '..', 'annotated_data')].find(
    (path) => basename(path) === 'annotated_data' && isFolder(path),
  );
  if (folder === undefined) return null;
  const { files, binary } = folderTexts(folder);
  return {
    files: Object.fromEntries(Object.entries(files).filter(([path]) => isBelow(path))),
    binary: binary.filter(isBelow),
  };
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
  const here = serversOf(tools);
  const check = checkOf(answer);
  const needsFiles = here.some(({ server }) => server === 'filesystem');
  const paths = [...question.matchAll(/\/root\/[^\s'"`,;:()]*[^\s'"`,;:().]/g)].map(([path]) => path.slice(6));
  if (fileName !== '') paths.push(fileName);
  const madePaths = 'file' in check ? [check.file.path] : [];
  const lacking = paths.filter(
    (path) =>
      !madePaths.includes(path) && !madePaths.some((madePath) => madePath.startsWith(`${path}/`)) && !has(start, path),
  );
  if (lacking.length > 0)
    throw new SkippedRecord(
      `its starting files are not here as text: ${lacking.join(', ')} (put them below a folder \`annotated_data\` beside the input)`,
    );
  return {
    task: {
      id,
      prompt: question.replaceAll(`${imageHome}/`, `${worldFolderOf('filesystem')}/`),
      servers: [...new Set(here.map(({ server }) => server))],
      ...(needsFiles && start ? { folders: { filesystem: `${name}.files/annotated_data` } } : {}),
      checks: [check],
      ...(steps.length === 0
        ? {}
        : { rubric: [...new Set(steps)].map((criterion) => ({ criterion, category: 'task-fulfilment' })) }),
    },
    notes: [
      ...standInNotes(here),
      ...(question.includes(`${imageHome}/`) ? [`Question: ${imageHome} is ${worldFolderOf('filesystem')} here`] : []),
      ...(needsFiles && start && start.binary.length > 0
        ? [`annotated_data: files that are no text are left out: ${start.binary.join(', ')}`]
        : []),
      'Annotator Metadata.Steps: each is a criterion; they are no calls, so that there is no plan',
      'Annotator Metadata.Tools: say which servers are offered; a policy may use others of their tools',
      'file' in check
        ? 'answers: checked is only that the file is there; the benchmark lets a model judge what it says'
        : 'answers: the final answer must hold this text or number',
    ],
    beside: needsFiles && start ? prefixed(start.files) : {},
  };
}

/** Items of a numbered list, without their numbers. */
const listItems = (text: string) =>
  text
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*\d+[.)]\s*/, '').trim())
    .filter((line) => line !== '');

/** The servers whose tools the annotators used. */
function serversOf(tools: readonly string[]): readonly ServerHere[] {
  const candidates = knownServers(name).map((server) => serverHere(name, server));
  const standIns = tools.map((tool) =>
    candidates.find((candidate) => !('absent' in candidate) && Object.hasOwn(candidate.tools ?? {}, tool)),
  );
  const absent = tools.filter((_, at) => standIns[at] === undefined);
  if (absent.length > 0) throw new SkippedRecord(`needs tools that no server here offers: ${absent.join(', ')}`);
  return [...new Set(standIns as ServerHere[])];
}

/** `file /root/…`, a number, or a text. */
function checkOf(answer: string): OwnCheck & ({ readonly file: { readonly path: string } } | object) {
  if (answer === '')
    throw new SkippedRecord(
      'no check can be expressed: it has no annotated answer, and only a model could judge the reply',
    );
  const path = /^file\s+\/root\/(\S.*)$/.exec(answer)?.[1];
  if (path !== undefined) return { name: `${path} is there`, file: { server: 'filesystem', path }, matches: '^' };
  const isNumber = /^[-−]?\d[\d,]*(\.\d+)?$/u.test(answer);
  const test = isNumber ? { matches: numberPattern(answer) } : { contains: answer };
  return { name: `the answer says ${answer}`, answer: test };
}

const has = (start: Start | null, path: string) =>
  start !== null &&
  Object.keys(start.files).some((file) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`));

const prefixed = (files: Start['files']) =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`${name}.files/annotated_data/${path}`, text]));
