import { readdirSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { messageOf, UsageError } from '../../core/errors.ts';
import type { Importer } from './reading/importer.ts';
import { collect, type ReadTask } from './reading/collect.ts';
import { fieldsOf, SkippedRecord, type Fields } from './reading/fields.ts';
import { filesIn, isFile, isFolder, textOf, type RecordAt } from './reading/files.ts';
import { fileServerHere, serversHere, standInNotes } from './reading/servers.ts';

const name = 'mcpmark';
const parts = ['meta.json', 'description.md', 'verify.py'] as const;
const runner = `${name}.files/run-verifier.py`;
/** Set by the benchmark's own runner for the file service, and by the check here. */
const folderVariable = 'FILESYSTEM_TEST_DIR';

/**
 * Runs a verifier. The benchmark takes every exit code but 0 for a no, also when the verifier itself is broken; here a
 * verifier that cannot be read, or that lacks a module, ends with 2 and is an error of the task.
 */
const runVerifier = `import sys, traceback

try:
    with open(sys.argv[1], encoding="utf-8") as source:
        program = compile(source.read(), sys.argv[1], "exec")
except BaseException:
    traceback.print_exc()
    sys.exit(2)
try:
    exec(program, {"__name__": "__main__", "__file__": sys.argv[1]})
except (ImportError, NameError):
    traceback.print_exc()
    sys.exit(2)
`;

/** A task is a folder: what the policy reads, what is known about it, and a Python program that verifies the end state. */
export default {
  name,
  summary:
    'MCPMark: its folder, or one of task folders; `test_environments/<category>` in or above it holds the start.',
  read: (input) => {
    if (!isFolder(input))
      throw new UsageError(`${input} is no folder. Name MCPMark's folder of tasks, or one task's folder.`);
    const records = taskFolders(resolve(input)).map((folder) => recordOf(folder, resolve(input)));
    return collect({
      name,
      summary: 'Tasks of MCPMark that run on servers here.',
      input,
      records: { records, torn: [] },
      idOf: (record) => record.any('id'),
      readOne,
    });
  },
} satisfies Importer;

/** Folders that hold any part of a task. */
function taskFolders(folder: string): readonly string[] {
  if (parts.some((part) => isFile(join(folder, part)))) return [folder];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'test_environments' && !entry.name.startsWith('.'))
    .map((entry) => join(folder, entry.name))
    .sort()
    .flatMap(taskFolders);
}

function recordOf(folder: string, input: string): RecordAt {
  const id = folder === input ? basename(folder) : relative(input, folder).split(sep).join('/');
  return {
    where: id,
    value: { id, folder, others: readdirSync(folder).filter((file) => !parts.includes(file as 'meta.json')) },
  };
}

function readOne(record: Fields, id: string): ReadTask {
  record.any('id');
  const folder = record.text('folder');
  const others = record.list('others');
  const [meta, description, verifier] = parts.map((part) => partOf(folder, part)) as [string, string, string];
  const fields = metaOf(meta);
  const here = serversHere(name, fields.servers);
  if (fields.servers.some((service) => service !== 'filesystem'))
    throw new SkippedRecord(
      `its start is made, and its end looked at, in the service itself: ${fields.servers.join(', ')}`,
      "play it with MCPMark's own runner, which holds the service's keys",
    );
  const server = fileServerHere(name);
  const strange = [...verifier.matchAll(/(?:getenv\(|environ\.get\(|environ\[)\s*["'](\w+)["']/g)]
    .map(([, variable = '']) => variable)
    .filter((variable) => variable !== folderVariable);
  if (strange.length > 0)
    throw new SkippedRecord(
      `its verify.py reads ${strange.join(', ')}, which only the benchmark's own runner sets`,
      "play it with MCPMark's own runner",
    );
  const { path, files } = environmentOf(folder, fields.category, fields.url);
  const verify = `${name}.files/verify/${id}/verify.py`;
  return {
    task: {
      id,
      prompt: description.trim(),
      servers: [...new Set(here.map(({ server }) => server))],
      folders: { [server]: path },
      checks: [
        {
          name: 'verify.py says yes',
          script: [
            'env',
            `${folderVariable}={${server}}`,
            'PYTHONUTF8=1',
            'PYTHONDONTWRITEBYTECODE=1',
            'python3',
            runner,
            verify,
          ],
        },
      ],
    },
    notes: [
      ...standInNotes(here),
      ...fields.notes,
      ...(others.length > 0 ? [`files beside the task are left out: ${others.join(', ')}`] : []),
      'starting files: their times are not kept',
    ],
    beside: {
      [runner]: runVerifier,
      [verify]: verifier,
      ...Object.fromEntries(Object.entries(files).map(([file, text]) => [`${path}/${file}`, text])),
    },
  };
}

function partOf(folder: string, part: string): string {
  const path = join(folder, part);
  if (!isFile(path)) throw new SkippedRecord(`wrong record: its folder has no ${part}`);
  return textOf(path);
}

function metaOf(text: string) {
  const meta = fieldsOf(parseMeta(text));
  const servers = meta.texts('mcp');
  if (servers.length === 0) throw new SkippedRecord('wrong record: "mcp" in meta.json names no service');
  const category = meta.text('category_id');
  if (!/^[\w-]+$/.test(category))
    throw new SkippedRecord(`wrong record: "category_id" ${category} is no name of a folder`);
  meta.leave(
    'labels only',
    'task_id',
    'task_name',
    'category_name',
    'description',
    'author',
    'created_at',
    'difficulty',
    'tags',
  );
  let url: string | undefined;
  if (meta.has('meta_data')) {
    const data = meta.object('meta_data');
    url = data.textOr('stateUrl', undefined);
    data.leave('shown on the benchmark’s web page only', 'stateType', 'stateContent', 'stateOriginalUrl');
  }
  return { servers, category, url, notes: meta.notes().map((note) => `meta.json: ${note}`) };
}

function parseMeta(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SkippedRecord(`torn record: its meta.json is no JSON: ${messageOf(error)}`);
  }
}

/** Starting files: `test_environments/<category>` in the task's folder or above it. */
function environmentOf(folder: string, category: string, url: string | undefined) {
  for (let at = folder; ; at = dirname(at)) {
    const environment = join(at, 'test_environments', category);
    if (isFolder(environment)) {
      return { path: `${name}.files/environments/${category}`, files: filesIn(environment) };
    }
    if (dirname(at) === at) break;
  }
  const from = url === undefined ? '' : ` from ${url}`;
  throw new SkippedRecord(
    'its starting files are not here',
    `unpack them${from} to test_environments/${category} in the folder of tasks`,
  );
}
