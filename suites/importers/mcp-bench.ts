import { basename } from 'node:path';
import type { Importer, Note } from './reading/importer.ts';
import { collect, type ReadTask } from './reading/collect.ts';
import { short, SkippedRecord, type Fields } from './reading/fields.ts';
import { jsonOf, type RecordAt } from './reading/files.ts';
import { forJudge } from './reading/for-judge.ts';
import { distractors, serversHere, standInNotes } from './reading/servers.ts';

const name = 'mcp-bench';

/** The benchmark has no verifier and no gold calls; its judge is a model, and so is ours. */
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
  return {
    task: {
      id,
      prompt,
      ...(fuzzy === undefined ? {} : { fuzzy }),
      servers: [...new Set([...neededServers, ...distractorServers.here].map(({ server }) => server))],
      checks: forJudge('what the answer says is what the task asks for, and comes from the tools'),
      rubric: [
        { criterion: 'The answer does all that the task asks for.', category: 'task-fulfilment' },
        { criterion: 'What the answer states is borne out by the results of its calls.', category: 'tool-grounding' },
        ...(dependencies === undefined
          ? []
          : [
              {
                criterion: `Calls build on each other as the task needs: ${dependencies}`,
                category: 'tool-appropriateness' as const,
              },
            ]),
      ],
    },
    notes: [
      ...standInNotes(neededServers),
      ...distractorServers.notes,
      'checks: there is neither verifier nor gold answer, so that success is for a judge; an empty answer fails',
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
