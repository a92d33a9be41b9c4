import type { RandomStream } from '../../core/seeds.ts';
import type { Task } from '../../core/types.ts';
import effects from './effects.json' with { type: 'json' };
import type { Particulars } from './propositions.ts';
import { comparedThings, type Thing } from './things.ts';
import type { Evidence } from './evidence.ts';

/** Kinds of things that people name and count. */
export const namedKinds = ['file', 'folder', 'entity', 'task', 'branch', 'tag', 'observation'] as const;

interface Drawing {
  readonly task: Task;
  readonly seen: Evidence;
  readonly stream: RandomStream;
}

/** What a statement is to be about: things of the task, things that came about, and things that never were. */
export function drawParticulars(proposition: string, drawing: Drawing): Particulars | null {
  const draw = draws[proposition];
  return draw ? draw(drawing) : {};
}

const oneOf = <T>(stream: RandomStream, items: readonly T[]): T | null =>
  items.length === 0 ? null : stream.pick(items);

const toolsOf = ({ task, seen }: Drawing) => ({
  planned: [...new Set(task.plan.map(({ server, tool }) => `${server}.${tool}`))],
  called: [...new Set(seen.calls.map(({ name }) => name))],
  known: [...effects.looks, ...effects.alters, ...effects.neither].filter((name) =>
    task.world.servers.includes(name.slice(0, name.indexOf('.'))),
  ),
});

const mixed = <T>(stream: RandomStream, ...lists: readonly (readonly T[])[]): T | null => {
  const filled = lists.filter((list) => list.length > 0);
  return filled.length === 0 ? null : stream.pick(stream.pick(filled));
};

const near = (stream: RandomStream, count: number) => Math.max(0, count + stream.pick([-2, -1, 0, 0, 0, 1, 2]));

/** Another text of the same look that nobody has written. */
export function mangled(text: string, stream: RandomStream): string {
  const words = text.match(/\p{L}+/gu) ?? [];
  const word = stream.pick(words.length === 0 ? [text] : words);
  const other = Array.from(word).reverse().join('').toLowerCase();
  return text.replace(word, other === word ? `${word}er` : other);
}

const brief = (text: string) => text.trim() !== '' && text.length > 2 && text.length <= 60 && !/[\n"“”]/.test(text);

function textsOf({ task, seen }: Drawing) {
  const wanted = task.plan.flatMap((call) => Object.values(call.arguments).filter((one) => typeof one === 'string'));
  const goal = task.goal.kind === 'state' ? comparedThings(task.initial, task.goal.expected).added : [];
  const contents = goal.flatMap(({ name, content }) => [...content.split('\n'), ...name.split('\n')]);
  const given = seen.calls.flatMap(({ strings }) => strings);
  return { wanted: wanted.filter(brief), contents: contents.filter(brief), given: given.filter(brief) };
}

const isNamed = (one: Thing) => (namedKinds as readonly string[]).includes(one.kind) && one.kind !== 'observation';
const last = ({ name }: Thing) => name.split('\n').at(-1) ?? '';

/** Things that the request, the plan or the episode bring up; others nobody would ask about. */
function thingsOf({ task, seen }: Drawing) {
  const text = [task.prompt, ...seen.calls.flatMap(({ strings, result }) => [...strings, result])].join('\n');
  const isMentioned = (one: Thing) => isNamed(one) && text.includes(last(one));
  const goal = task.goal.kind === 'state' ? comparedThings(task.initial, task.goal.expected) : null;
  return {
    wanted: (goal?.added ?? []).filter(isNamed),
    unwanted: (goal?.removed ?? []).filter(isNamed),
    there: (seen.world?.start ?? []).filter(isMentioned),
    made: (seen.world?.added ?? []).filter(isNamed),
  };
}

const aCount =
  (of: (seen: Evidence) => number) =>
  ({ seen, stream }: Drawing): Particulars => ({
    count: near(stream, of(seen)),
  });

const draws: Readonly<Record<string, (drawing: Drawing) => Particulars | null>> = {
  'used-tool': (drawing) => {
    const { planned, called, known } = toolsOf(drawing);
    const tool = mixed(drawing.stream, planned, called, known);
    return tool === null ? null : { tool };
  },
  'used-server': ({ task, seen, stream }) => {
    const server = mixed(
      stream,
      task.plan.map((one) => one.server),
      seen.calls.map((one) => one.server),
      task.world.servers,
    );
    return server === null ? null : { server };
  },
  order: (drawing) => {
    const { planned, called } = toolsOf(drawing);
    const names = [...new Set(drawing.stream.uniform() < 0.75 ? called : planned)];
    if (names.length < 2) return null;
    const [tool, after] = drawing.stream.shuffle(names) as [string, string];
    return { tool, after };
  },
  passed: (drawing) => {
    const { wanted, given } = textsOf(drawing);
    const text = mixed(drawing.stream, wanted, given);
    if (text === null) return null;
    return { text: drawing.stream.uniform() < 0.35 ? mangled(text, drawing.stream) : text };
  },
  'answer-says': (drawing) => {
    const { task, seen, stream } = drawing;
    const { wanted } = textsOf(drawing);
    const text = mixed(stream, [task.answer, seen.answer ?? ''].filter(brief), [task.answer].filter(brief), wanted);
    if (text === null) return null;
    return { text: stream.uniform() < 0.2 ? mangled(text, stream) : text };
  },
  holds: (drawing) => {
    const { contents, given } = textsOf(drawing);
    const text = mixed(drawing.stream, contents, contents, given);
    if (text === null) return null;
    return { text: drawing.stream.uniform() < 0.35 ? mangled(text, drawing.stream) : text };
  },
  exists: (drawing) => {
    const { stream } = drawing;
    const { wanted, unwanted, there, made } = thingsOf(drawing);
    const thing = mixed(stream, wanted, wanted, unwanted, unwanted, there, made);
    if (thing === null) return null;
    const isMade = stream.uniform() < 0.15;
    return { thing: isMade ? { ...thing, name: mangled(thing.name, stream) } : thing };
  },
  'made-count': ({ task, seen, stream }) => {
    const goal = task.goal.kind === 'state' ? comparedThings(task.initial, task.goal.expected).added : [];
    const added = [...goal, ...(seen.world?.added ?? [])].filter(({ kind }) =>
      (namedKinds as readonly string[]).includes(kind),
    );
    const kind = oneOf(stream, [...added.map((one) => one.kind), 'file', 'folder', 'entity']) ?? 'file';
    const made = seen.world?.added.filter((one) => one.kind === kind).length ?? 0;
    return { kind, count: stream.uniform() < 0.5 ? made : near(stream, made) };
  },
  'calls-most': aCount(({ calls }) => calls.length),
  'calls-least': aCount(({ calls }) => calls.length),
  'calls-exact': aCount(({ calls }) => calls.length),
  'tools-exact': aCount(({ calls }) => new Set(calls.map(({ name }) => name)).size),
  'failures-exact': aCount(({ calls }) => calls.filter(({ isOk }) => !isOk).length),
};
