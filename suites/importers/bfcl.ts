import { basename, dirname, join } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { OwnTask } from '../own-tasks/format.ts';
import {
  classesTask,
  classPrograms,
  classServer,
  followGold,
  addClasses,
  pythonWithClasses,
  message,
  servedClasses,
  type Gold,
  type GoldRequest,
} from './reading/bfcl-classes.ts';
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
 * With the optional part the benchmark's own classes are served; without it the file server stands in for the class
 * GorillaFileSystem, where every gold call has an exact counterpart.
 */
export default {
  name,
  summary: 'BFCL multi-turn: its questions (JSON Lines), with `possible_answer/<same name>` beside them.',
  read: (input) => {
    const answersPath = join(dirname(input), 'possible_answer', basename(input));
    const answers = isFile(answersPath) ? jsonLinesOf(answersPath) : { records: [], torn: [] };
    const gold = new Map(answers.records.map(({ value }) => [(value as { readonly id?: unknown } | null)?.id, value]));
    const records = jsonLinesOf(input);
    const python = pythonWithClasses();
    const requests = new Map<string, GoldRequest>();
    const read = (record: Fields, id: string) => readOne(record, id, gold.get(record.any('id')));
    const collecting = {
      name,
      summary: 'Tasks of BFCL multi-turn.',
      input,
      records: {
        records: records.records,
        torn: [...records.torn, ...answers.torn.map((one) => ({ ...one, id: `possible_answer/${one.id}` }))],
      },
      idOf: (record: Fields) => record.any('id'),
    };
    if (python === undefined)
      return collect({ ...collecting, readOne: (record, id) => standInTask(record, read(record, id)) });
    // Once for what the classes are asked, and once for what they said.
    for (const { value } of records.records)
      try {
        const record = fieldsOf(value);
        const id = record.text('id');
        requests.set(id, requestOf(id, record, readOne(record, id, gold.get(id))));
      } catch (error) {
        if (!(error instanceof SkippedRecord)) throw error;
      }
    const followed = followGold(python, [...requests.values()]);
    return collect({
      ...collecting,
      readOne: (record, id) => {
        const found = read(record, id);
        const request = requestOf(record.text('id'), record, found);
        return servedTask(found, request, { python, followed: followed.get(request.id) });
      },
    });
  },
} satisfies Importer;

/** What stands in a record whatever plays it. */
interface Question {
  readonly id: string;
  /** What the user says, message by message. */
  readonly turns: readonly string[];
  readonly classes: readonly string[];
  /** Texts of each turn's gold calls. */
  readonly gold: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

function readOne(record: Fields, id: string, answer: unknown): Question {
  record.any('id');
  if (!record.has('initial_config'))
    throw new SkippedRecord('is no multi-turn record: it has no initial_config and nothing to act on');
  if (record.has('missed_function'))
    throw new SkippedRecord(
      'holds tools back until a later message (missed_function), and a server lists its tools once',
      'take the same question with all its tools from multi_turn_base',
    );
  if (answer === undefined)
    throw new SkippedRecord(
      'has no gold calls',
      'put the file possible_answer/(the same name) that names it beside the input',
    );
  const turns = turnsOf(record);
  const classes = record.texts('involved_classes');
  record.leave('the gold calls say it', 'path');
  record.leave('no function is left out here, nor by the benchmark when it plays', 'excluded_function');
  const goldFields = fieldsOf(answer);
  goldFields.any('id');
  const gold = goldFields.list('ground_truth').map((calls) => {
    if (!Array.isArray(calls)) throw new SkippedRecord('wrong record: the gold calls of a turn are no list');
    return calls.map((call: unknown) => {
      if (typeof call !== 'string') throw new SkippedRecord('wrong record: a gold call is no text');
      return call;
    });
  });
  if (gold.length !== turns.length)
    throw new SkippedRecord(`wrong record: ${turns.length} turns and gold calls for ${gold.length}`);
  return { id, turns, classes, gold, notes: goldFields.notes().map((note) => `possible_answer: ${note}`) };
}

/* ---- with the benchmark's own classes ---- */

function requestOf(id: string, record: Fields, { classes, gold }: Question): GoldRequest {
  const config = record.any('initial_config');
  const others = [...new Set(classes)].filter((className) => !servedClasses.includes(className));
  if (others.length > 0)
    throw new SkippedRecord(
      `needs classes that are not served: ${others.join(', ')}`,
      'none: they need keys, or models',
    );
  if (classes.length === 0) throw new SkippedRecord('wrong record: "involved_classes" names no class');
  return {
    id,
    classes,
    config: (typeof config === 'object' && config !== null ? config : {}) as JsonObject,
    longContext: /long_context|composite/.test(id),
    turns: gold,
  };
}

function servedTask(
  question: Question,
  request: GoldRequest,
  { python, followed }: { readonly python: string; readonly followed: Gold | undefined },
): ReadTask {
  return {
    task: {
      id: question.id,
      ...classesTask(request, question.turns, followed ?? { fault: 'no word of them' }),
      ...rubricOf(question),
    },
    mcpServers: Object.fromEntries(request.classes.map((className) => [className, classServer(python, className)])),
    beside: classPrograms(),
    notes: [...question.notes, ...turnNotes(question)],
  };
}

/* ---- with the file server in place of the class ---- */

function standInTask(record: Fields, question: Question): ReadTask {
  const { id, turns, classes, gold } = question;
  if (/long_context|composite/.test(id))
    throw new SkippedRecord(`its files are made longer by the benchmark's own class`, addClasses);
  const { files, notes: startNotes } = startOf(record);
  const tree = gorillaTree(files);
  const ends = gold.map((calls) => {
    for (const call of calls) runCall(tree, call);
    return tree.plan.length;
  });
  const checks = endChecks(tree);
  if (checks.length === 1)
    throw new SkippedRecord('its gold calls only read, which no state of the file server shows', addClasses);
  const here = serverHere(name, fileClass);
  const others = classes.filter((className) => className !== fileClass);
  return {
    task: {
      id,
      messages: turns.map((text, turn) => message(text, tree.plan, ends[turn - 1] ?? 0, ends[turn] ?? 0)),
      servers: ['filesystem'],
      files: { filesystem: files },
      checks,
      ...rubricOf(question),
    },
    notes: [
      ...('absent' in here ? [] : standInNotes([here])),
      ...turnNotes(question),
      ...(others.length > 0
        ? [`involved_classes: not offered, absent here and not called by the gold: ${others.join(', ')}`]
        : []),
      ...startNotes,
      ...question.notes,
      'ground_truth: cd and pwd have no counterpart, as paths are whole here; a copy is a read and a write',
      'checks: the end state of the files; that something was read is not looked at',
    ],
  };
}

/** The gold says of a turn without calls that nothing can be done yet: whether the policy asks back is for a judge. */
const rubricOf = ({ gold }: Question): Pick<OwnTask, 'rubric'> => {
  const open = gold.flatMap((calls, turn) => (calls.length === 0 ? [turn + 1] : []));
  const criteria = open.map((turn) => ({
    criterion: `To message ${turn}, which cannot be carried out as it stands, it makes no call that changes anything, and asks for what is missing.`,
    category: 'tool-appropriateness' as const,
  }));
  return criteria.length === 0 ? {} : { rubric: criteria };
};

const turnNotes = ({ gold }: Question): readonly string[] =>
  gold.some((calls) => calls.length === 0)
    ? [
        'ground_truth: whether the policy asks back where a message lacks something is a criterion for a judge, and no check',
      ]
    : [];

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
    throw new SkippedRecord(`needs what is absent here: ${classes.join(', ')}`, addClasses);
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

function runCall(tree: GorillaTree, text: string): void {
  let call;
  try {
    call = pythonCall(text);
  } catch (error) {
    throw new SkippedRecord(`wrong record: a gold call cannot be read: ${messageOf(error)}`);
  }
  runGorillaCall(tree, call, text);
}
