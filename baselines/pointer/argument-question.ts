import type { Json } from '../../core/json.ts';
import { stemsOf, wordsOf } from '../../core/words.ts';
import { emptyText, textOf, type Candidate } from './argument-candidates.ts';
import { makeScalars, type ScalarTable } from './heads.ts';
import { leafKey } from './memory.ts';
import type { Question } from './network.ts';
import type { Mention } from './prompt.ts';
import type { Leaf } from './schema.ts';
import type { Situation } from './situation.ts';
import { hasExtension, isNumber, isPath } from './spans.ts';
import { makeText, type Text } from './text.ts';
import type { ToolReading } from './tools.ts';

/** The leaves chosen so far in a call, for "next after the last" and "chosen in this call". */
export interface ArgumentState {
  readonly tool: ToolReading;
  readonly leaf: Leaf;
  readonly chosen: readonly (Json | undefined)[];
  /** Mention chosen last in this call, −1 for none. */
  readonly lastMention: number;
}

const flag = (condition: boolean): number => (condition ? 1 : 0);

export function argumentQuestion(
  situation: Situation,
  state: ArgumentState,
  candidates: readonly Candidate[],
): Question {
  const { tool, leaf } = state;
  const keys = new Set(situation.memory.findings.map(({ key }) => key));
  const hasSpansLeft = situation.unused().mentions.some((i) => {
    const value = situation.prompt.mentions[i]?.value;
    return !keys.has(i) && !state.chosen.some((one) => textOf(one) === value);
  });
  const table = makeScalars('argument', candidates.length);
  const wants = wantsOf(leaf);
  candidates.forEach((candidate, i) => {
    if (candidate.mention >= 0) {
      mentionScalars(situation, state, candidate, i, table);
      table.set(i, 'key of a result', flag(keys.has(candidate.mention)));
    }
    valueScalars(situation, { ...state, hasSpansLeft }, candidate, i, wants, table);
  });
  const query = [leafText(situation, tool, leaf)];
  const focus = situation.prompt.mentions[situation.focus()];
  if (focus) query.push(focus.windowText, focus.sentenceText);
  return { head: 'argument', query, candidates: candidates.map(({ text }) => text), scalars: table.values };
}

interface Wants {
  readonly stems: ReadonlySet<string>;
  readonly path: boolean;
  readonly content: boolean;
  readonly name: boolean;
  readonly file: boolean;
  readonly folder: boolean;
}

/** What an argument is for, by its name. */
export function wantsOf({ name, description }: Leaf): Wants {
  const wording = `${name} ${description.slice(0, 60)}`;
  return {
    stems: new Set(stemsOf(name)),
    path: /path|\bfile\b|director|folder|source|destination/i.test(name),
    content: /content|text|observation|description|message|body|note|value|result/i.test(name),
    name: /name|entity|from|to$|project|id$|title|type|tag/i.test(name),
    file: /file/i.test(name),
    folder: /director|folder|project/i.test(name) || (!/file/i.test(wording) && /director|folder/i.test(wording)),
  };
}

function mentionScalars(
  { prompt, memory, focus, unused }: Situation,
  state: ArgumentState,
  candidate: Candidate,
  i: number,
  { set }: ScalarTable,
): void {
  const mention = prompt.mentions[candidate.mention] as Mention;
  const isUnused = !memory.used[candidate.mention];
  const open = unused().mentions;
  const first = focus();
  const rank = open.indexOf(candidate.mention);
  const next = open.find((one) => one > state.lastMention);
  const { stems } = wantsOf(state.leaf);
  const named = (words: ReadonlySet<string>) => ([...stems].some((stem) => words.has(stem)) ? 1 : 0);
  set(i, 'from the prompt', 1);
  set(i, 'quoted in the prompt', mention.isQuoted ? 1 : 0);
  set(i, 'unused', isUnused ? 1 : 0);
  set(i, 'first unused', candidate.mention === first ? 1 : 0);
  if (rank >= 0) set(i, 'spans after the first unused', Math.min(rank, 6) / 3);
  set(i, 'before the first unused', first >= 0 && candidate.mention < first ? 1 : 0);
  set(i, 'next unused after the last chosen', state.lastMention >= 0 && candidate.mention === next ? 1 : 0);
  set(i, 'argument is named just before it', named(mention.before));
  set(i, 'argument is named in its sentence', named(mention.sentence));
  set(i, 'tool is named in its neighbourhood', [...state.tool.stems].some((stem) => mention.window.has(stem)) ? 1 : 0);
}

function valueScalars(
  { prompt, memory }: Situation,
  state: ArgumentState & { readonly hasSpansLeft: boolean },
  candidate: Candidate,
  i: number,
  wants: Wants,
  { set }: ScalarTable,
): void {
  const { value, finding } = candidate;
  if (value === undefined) {
    set(i, 'left out', 1);
    return;
  }
  const text = textOf(value);
  const isChosen = state.chosen.some((one) => textOf(one) === text);
  const hasSpaces = /\s/.test(text);
  const path = isPath(text);
  set(i, 'from a result', flag(finding !== undefined));
  const isOption = candidate.mention < 0 && finding === undefined && !candidate.isComposed;
  set(i, 'from the schema', flag(isOption));
  if (isOption) {
    const words = stemsOf(text);
    set(i, 'option is quoted in the prompt', flag(prompt.values.has(text.toLowerCase())));
    set(i, 'option is a word of the prompt', flag(words.length > 0 && words.every((word) => prompt.stems.has(word))));
  }
  set(i, 'chosen in this call', flag(isChosen));
  set(i, 'used by a successful call', flag(memory.usedValues.has(text)));
  set(
    i,
    'used for the same argument of the same tool',
    flag(memory.usedLeaves.has(leafKey(state.tool, state.leaf, value))),
  );
  set(
    i,
    'failed for the same argument of the same tool',
    flag(memory.failedLeaves.has(leafKey(state.tool, state.leaf, value))),
  );
  if (finding) {
    set(i, 'from the last result', flag(memory.findings.indexOf(finding) < memory.fresh));
    set(i, 'from a result where content is wanted', flag(wants.content));
    set(i, 'from a result where no span is left', flag(!state.hasSpansLeft));
  }
  set(i, 'spaces where a path is wanted', flag(hasSpaces && wants.path));
  set(i, 'path where a path is wanted', flag(path && wants.path));
  set(i, 'no path where a path is wanted', flag(!path && wants.path));
  set(i, 'path where content is wanted', flag(path && wants.content));
  set(i, 'several words where content is wanted', flag(hasSpaces && wants.content));
  set(i, 'several words where a name is wanted', flag(hasSpaces && wants.name));
  const isClause = hasSpaces && text.split(/\s+/).length > 3;
  set(i, 'a clause where content is wanted', flag(isClause && wants.content));
  set(i, 'a clause where a name is wanted', flag(isClause && wants.name));
  set(i, 'answers a quoted key', finding?.answers ?? 0);
  set(i, 'echoes the call or reports a status', flag(finding?.isStatus === true));
  set(i, 'number', flag(isNumber(text)));
  set(i, 'file extension where a file is wanted', flag(hasExtension(text) && wants.file));
  set(i, 'file extension where a folder or project is wanted', flag(hasExtension(text) && wants.folder && !wants.file));
  set(i, 'capitalised', flag(/^[A-Z]/.test(text)));
  set(i, 'default of the schema', flag(state.leaf.fallback !== undefined && state.leaf.fallback === value));
  set(i, 'composed of two spans', flag(candidate.isComposed));
}

const leafTexts = new WeakMap<Leaf, Text>();

/** What is asked for: the argument's name and description, the names above it, and the tool. */
export function leafText({ words }: Situation, tool: ToolReading, leaf: Leaf): Text {
  let found = leafTexts.get(leaf);
  if (!found)
    leafTexts.set(
      leaf,
      (found = makeText(
        [
          { role: 'argument', words: wordsOf(leaf.name) },
          { role: 'argumentOf', words: wordsOf(tool.name), weight: 0.7 },
          { role: 'argumentPath', words: leaf.path.slice(0, -1).flatMap(wordsOf), weight: 0.5 },
          { role: 'argumentSays', words: wordsOf(leaf.description).slice(0, 10), weight: 0.5 },
          { role: 'argumentHere', words: [`${wordsOf(tool.name).join('_')}.${leaf.name}`], weight: 0.7 },
        ],
        words,
      )),
    );
  return found;
}

/** Which optional property to give, of those offered; candidate 0 is none. */
export function optionalQuestion(situation: Situation, tool: ToolReading, offered: readonly Leaf[]): Question {
  const { values, set } = makeScalars('optional', offered.length + 1);
  const mention = situation.prompt.mentions[situation.focus()];
  set(0, 'none', 1);
  offered.forEach((leaf, i) => {
    const stems = stemsOf(leaf.name);
    const named = (words?: ReadonlySet<string>) => (stems.some((stem) => words?.has(stem)) ? 1 : 0);
    set(i + 1, 'first property', i === 0 ? 1 : 0);
    set(i + 1, 'plain text property', leaf.type === 'string' && leaf.values.length === 0 ? 1 : 0);
    set(i + 1, 'property matches the words in focus', named(mention?.window));
    set(i + 1, 'property matches the sentence in focus', named(mention?.sentence));
    set(i + 1, 'property matches the tool', named(tool.descriptionStems));
    set(i + 1, 'has a default', leaf.fallback === undefined ? 0 : 1);
  });
  const candidates = [emptyText, ...offered.map((leaf) => leafText(situation, tool, leaf))];
  return {
    head: 'optional',
    query: mention ? [mention.windowText] : [situation.prompt.nothing],
    candidates,
    scalars: values,
  };
}
