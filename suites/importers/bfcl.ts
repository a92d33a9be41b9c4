import { basename, dirname, join } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import type { Importer } from './reading/importer.ts';
import { collect, type ReadTask } from './reading/collect.ts';
import { fieldsOf, SkippedRecord, type Fields } from './reading/fields.ts';
import { isFile, jsonLinesOf } from './reading/files.ts';
import { runGorillaCall } from './reading/gorilla-calls.ts';
import { endChecks, filesOfTree, gorillaTree, type GorillaTree } from './reading/gorilla-tree.ts';
import { pythonCall } from './reading/python-literal.ts';
import { serverHere, standInNotes } from './reading/servers.ts';

const name = 'bfcl';
const fileClass = 'GorillaFileSystem';

/**
 * The file server stands in for the class GorillaFileSystem, where every gold call has an exact counterpart. The end
 * state is checked, and that what the gold reads was read, as the benchmark asks for both.
 */
export default {
  name,
  summary: 'BFCL multi-turn: its questions (JSON Lines), with `possible_answer/<same name>` beside them.',
  read: (input) => {
    const answersPath = join(dirname(input), 'possible_answer', basename(input));
    const answers = isFile(answersPath) ? jsonLinesOf(answersPath) : { records: [], torn: [] };
    const gold = new Map(answers.records.map(({ value }) => [(value as { readonly id?: unknown } | null)?.id, value]));
    const records = jsonLinesOf(input);
    return collect({
      name,
      summary: 'Tasks of BFCL multi-turn that the file server here can stand in for.',
      input,
      records: {
        records: records.records,
        torn: [...records.torn, ...answers.torn.map(({ id, reason }) => ({ id: `possible_answer/${id}`, reason }))],
      },
      idOf: (record) => record.any('id'),
      readOne: (record, id) => readOne(record, id, gold.get(record.any('id'))),
    });
  },
} satisfies Importer;

function readOne(record: Fields, id: string, answer: unknown): ReadTask {
  record.any('id');
  if (!record.has('initial_config'))
    throw new SkippedRecord('is no multi-turn record: it has no initial_config and nothing to act on');
  if (/long_context|composite/.test(id))
    throw new SkippedRecord(
      'its files are made longer by a program of the benchmark, so that the record does not hold them',
    );
  if (record.has('missed_function'))
    throw new SkippedRecord('holds tools back until a later turn, which one prompt cannot (missed_function)');
  if (answer === undefined)
    throw new SkippedRecord('has no gold calls: possible_answer beside the input does not name it');
  const turns = turnsOf(record);
  const classes = record.texts('involved_classes');
  record.leave('the gold calls say it', 'path');
  record.leave('no function is left out here', 'excluded_function');
  const { files, notes: startNotes } = startOf(record);
  const goldFields = fieldsOf(answer);
  goldFields.any('id');
  const gold = goldFields.list('ground_truth');
  if (gold.length !== turns.length)
    throw new SkippedRecord(`wrong record: ${turns.length} turns and gold calls for ${gold.length}`);
  const tree = gorillaTree(files);
  for (const calls of gold) {
    if (!Array.isArray(calls) || calls.length === 0)
      throw new SkippedRecord('a turn has no gold calls: it asks the policy to ask back, which one prompt cannot');
    for (const call of calls) runCall(tree, call);
  }
  const here = serverHere(name, fileClass);
  const others = classes.filter((className) => className !== fileClass);
  return {
    task: {
      id,
      prompt:
        turns.length === 1
          ? (turns[0] ?? '')
          : `Do this, one step after the other:\n${turns.map((turn, at) => `${at + 1}. ${turn}`).join('\n')}`,
      servers: ['filesystem'],
      files: { filesystem: files },
      checks: endChecks(tree),
      plan: tree.plan,
    },
    notes: [
      ...('absent' in here ? [] : standInNotes([here])),
      ...(turns.length > 1 ? [`question: ${turns.length} turns are the steps of one prompt`] : []),
      ...(others.length > 0
        ? [`involved_classes: not offered, absent here and not called by the gold: ${others.join(', ')}`]
        : []),
      ...startNotes,
      ...goldFields.notes().map((note) => `possible_answer: ${note}`),
      'ground_truth: cd and pwd have no counterpart, as paths are whole here; a copy is a read and a write',
    ],
  };
}

/** One text per turn. */
function turnsOf(record: Fields): readonly string[] {
  return record.list('question').map((turn, at) => {
    if (!Array.isArray(turn) || turn.length === 0) throw new SkippedRecord(`turn ${at + 1} says nothing`);
    return turn
      .map((message, place) => {
        const fields = record.part(`question[${at}][${place}]`, message);
        if (fields.text('role') !== 'user')
          throw new SkippedRecord(`turn ${at + 1} holds a message that is not the user's`);
        return fields.text('content');
      })
      .join('\n');
  });
}

/** Files of the class's tree: the first folder below `root` is where it starts, and the only one that it loads. */
function startOf(record: Fields) {
  const config = record.object('initial_config');
  if (!config.has(fileClass)) {
    const classes = config.keys.map((className) => {
      const here = serverHere(name, className);
      return `${className}${'absent' in here ? ` (${here.absent})` : ''}`;
    });
    throw new SkippedRecord(`needs what is absent here: ${classes.join(', ')}`);
  }
  config.leave('its class is not offered here', ...config.keys.filter((key) => key !== fileClass));
  const tree = config.object(fileClass);
  const root = tree.object('root');
  const [first, ...rest] = root.keys;
  if (first === undefined) throw new SkippedRecord('wrong record: its file system has no folder');
  root.leave('the class does not load it either', ...rest);
  const folder = root.object(first);
  folder.any('type');
  return {
    files: filesOfTree(folder),
    notes: [`initial_config: the folder ${first} is the server's own`],
  };
}

function runCall(tree: GorillaTree, text: unknown): void {
  if (typeof text !== 'string') throw new SkippedRecord('wrong record: a gold call is no text');
  let call;
  try {
    call = pythonCall(text);
  } catch (error) {
    throw new SkippedRecord(`wrong record: a gold call cannot be read: ${messageOf(error)}`);
  }
  runGorillaCall(tree, call, text);
}
