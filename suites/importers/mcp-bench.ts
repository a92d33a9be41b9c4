import { basename } from 'node:path';
import type { OwnCheck } from '../own-tasks/format.ts';
import type { Importer, Note } from './reading/importer.ts';
import { collect, type ReadTask } from './reading/collect.ts';
import { short, SkippedRecord, type Fields } from './reading/fields.ts';
import { jsonOf, type RecordAt } from './reading/files.ts';
import { distractors, serversHere, standInNotes, type ServerHere } from './reading/servers.ts';

const name = 'mcp-bench';

/** The benchmark has no verifier and no gold calls: what can be checked is that the tools which a task names were called. */
export default {
  name,
  summary: 'MCP-Bench: a file of tasks in its runner format (JSON with server_tasks, combinations or tasks).',
  read: (input) => {
    const { records, notes } = flatten(jsonOf(input), basename(input));
    return collect({
      name,
      summary: 'Tasks of MCP-Bench that run on servers here.',
      input,
      records: { records, torn: [] },
      idOf: (record) => record.object('task').any('task_id'),
      readOne,
      notes,
    });
  },
} satisfies Importer;

/** One record per task: what its group says, and the task. */
function flatten(
  data: unknown,
  file: string,
): { readonly records: readonly RecordAt[]; readonly notes: readonly Note[] } {
  if (Array.isArray(data)) return { records: data.map((value, at) => ({ where: `${file}[${at}]`, value })), notes: [] };
  const top = (typeof data === 'object' && data !== null ? data : {}) as Readonly<Record<string, unknown>>;
  const records: RecordAt[] = [];
  const notes: Note[] = [];
  for (const [key, value] of Object.entries(top)) {
    if (!['server_tasks', 'combinations', 'tasks'].includes(key) || !Array.isArray(value)) {
      notes.push({ id: file, what: `${key}: no part of a task, left out (${short(value)})` });
      continue;
    }
    for (const [at, group] of (value as readonly unknown[]).entries()) {
      const where = `${file} ${key}[${at}]`;
      const { tasks, generated_tasks: generated, ...rest } = (group ?? {}) as Readonly<Record<string, unknown>>;
      const list = tasks ?? generated;
      if (!Array.isArray(list)) records.push({ where, value: group });
      else
        for (const [place, task] of list.entries())
          records.push({ where: `${where}[${place}]`, value: { ...rest, task } });
    }
  }
  return { records, notes };
}

function readOne(record: Fields, id: string): ReadTask {
  const names = serverNames(record);
  record.leave('says again which servers are used', 'combination_name', 'combination_type');
  const task = record.object('task');
  task.any('task_id');
  const prompt = task.text('task_description');
  const fuzzy = task.textOr('fuzzy_description', undefined);
  const dependencies = task.textOr('dependency_analysis', undefined);
  const distractorServers = distractors(name, 'distraction_servers', task.texts('distraction_servers'));
  const neededServers = serversHere(name, names);
  const namedTools = toolsNamedIn(`${prompt}\n${dependencies ?? ''}`, names, neededServers);
  if (namedTools.length === 0)
    throw new SkippedRecord(
      'no check can be expressed: the benchmark has no verifier, and the task names no tool that is here',
    );
  const checks = namedTools.map(({ server, tool }): OwnCheck => ({
    name: `${tool} was called`,
    called: { server, tool },
  }));
  const criterion = `Calls build on each other as the task needs: ${dependencies ?? ''}`;
  return {
    task: {
      id,
      prompt,
      ...(fuzzy === undefined ? {} : { fuzzy }),
      servers: [...new Set([...neededServers, ...distractorServers.here].map(({ server }) => server))],
      checks,
      ...(dependencies === undefined ? {} : { rubric: [{ criterion, category: 'tool-appropriateness' }] }),
    },
    notes: [
      ...standInNotes(neededServers),
      ...distractorServers.notes,
      'checks: there is no verifier and no gold answer; checked is that the tools which the task names were called',
      'task_description is the prompt and fuzzy_description the prompt of the split fuzzy; the benchmark shows the latter',
    ],
  };
}

/** `servers`, or `server_name` with `+` between several. */
function serverNames(record: Fields): readonly string[] {
  const servers = record.texts('servers');
  const joinedNames = record.textOr('server_name', '');
  const names = servers.length > 0 ? servers : joinedNames.split('+').filter((server) => server !== '');
  if (names.length === 0) throw new SkippedRecord('wrong record: it names no server');
  return names.map((server) => server.trim());
}

/** Ours for every tool that the text names: `Server:tool`, `tool(`, in backquotes, or bare where the name has a `_`. */
function toolsNamedIn(text: string, names: readonly string[], here: readonly ServerHere[]) {
  const ourTools = new Map<string, { readonly server: string; readonly tool: string }>();
  for (const [at, { server, tools = {} }] of here.entries())
    for (const [theirs, ours] of Object.entries(tools)) {
      const forms = [`${names[at] ?? ''}:${theirs}`, `\`${theirs}\``, `${theirs}(`];
      const isNamed =
        forms.some((form) => text.includes(form)) ||
        (theirs.includes('_') && new RegExp(String.raw`(?<![\w])${theirs}(?![\w])`, 'u').test(text));
      if (isNamed) ourTools.set(`${server} ${ours}`, { server, tool: ours });
    }
  return [...ourTools.values()];
}
