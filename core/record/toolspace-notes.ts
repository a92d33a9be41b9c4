import type { Aliasing } from '../alias-types.ts';
import type { DistractedSet, Distractors } from '../distractor-types.ts';
import type { Manifest } from '../run-types.ts';

/**
 * Among which tools tasks were played, a sentence for each toolspace, where some belong to servers that they do not need or
 * that are not run.
 */
export const toolspaceNotes = (manifest: Pick<Manifest, 'distractors' | 'sizes' | 'servers' | 'aliases'>): string[] => [
  ...sizeNotes(manifest),
  ...(manifest.aliases ? [aliasNote(manifest.aliases)] : []),
];

function aliasNote({ asked, share, per, paraphrases }: Aliasing): string {
  const whose =
    share === 1 ? 'All servers, tools and parameters' : `A share of ${share} of the servers, tools and parameters`;
  const where = per ? 'in all tasks of a number' : 'in each task';
  const texts = paraphrases ? ', some of them from a file' : '';
  return (
    `${whose} have other names ${where}, and their descriptions other words${texts} (--alias ${asked}). Records hold these names and what they ` +
    'stand for; tables by tool go by the real ones.'
  );
}

function sizeNotes({ distractors, sizes, servers }: Pick<Manifest, 'distractors' | 'sizes' | 'servers'>): string[] {
  if (distractors) return notesOf(distractors.sets);
  if (sizes) return [sizesNote(sizes)];
  const [tools, listedTools] = [Object.values(servers), Object.values(servers).filter(({ listed }) => listed)].map(
    (some) => some.reduce((sum, one) => sum + one.tools, 0),
  );
  return listedTools === 0 ? [] : [`${listedPart(tools ?? 0, listedTools ?? 0)}.`];
}

/** Own tasks may have as many toolspaces as there are tasks. */
const MOST_TOLD = 3;

function notesOf(sets: readonly DistractedSet[]): string[] {
  if (sets.length <= MOST_TOLD) return sets.map((set) => noteOf(set, sets.length > 1));
  const sizes = sets.map(({ tools }) => tools);
  const shares = sets.map(({ tools, clashingTools }) => clashingTools / tools);
  const largest = Math.max(...shares);
  const atMost = largest === 0 ? 'none' : `at most ${percent(largest, 1)}`;
  const most = sets.reduce((most, set) => (set.listedTools > most.listedTools ? set : most));
  const listed = most.listedTools === 0 ? '' : `; up to ${listedPart(most.tools, most.listedTools)}`;
  return [
    `Tasks are played among ${count(Math.min(...sizes))} to ${count(Math.max(...sizes))} tools, in ${sets.length} toolspaces that manifest.json ` +
      `names; ${atMost} have a name that another server has, too${listed}.`,
  ];
}

function noteOf(
  { own, servers, tools, listedTools, nearTools, clashWithOwn, clashingTools }: DistractedSet,
  isOneOf: boolean,
): string {
  const [whose, need, like] = isOneOf
    ? [`Tasks on ${own.join(', ')} are`, 'they do not need', 'their own']
    : ['Every task is', 'it does not need', 'its own'];
  const listed = listedTools === 0 ? '' : `; ${listedPart(tools, listedTools)}`;
  const namesakes =
    clashWithOwn === undefined ? '' : `, ${countOrNone(clashWithOwn)} have the name of one of ${like} tools`;
  return (
    `${whose} played among ${count(tools)} tools of ${servers.length} servers, ${servers.length - own.length} of which ${need}; ` +
    `${countOrNone(nearTools)} are of servers like ${like}${namesakes}, and ${shareOrNone(clashingTools, tools)} have a name that another server has, too${listed}.`
  );
}

/** Of a run whose jobs name sizes. */
function sizesNote(sizes: readonly Distractors[]): string {
  const texts = sizes.map(({ asked, sets }) => {
    const tools = sets.map((set) => set.tools);
    const [least, most] = [Math.min(...tools), Math.max(...tools)];
    const listed = Math.max(...sets.map(({ listedTools }) => listedTools));
    const range = least === most ? count(most) : `${count(least)} to ${count(most)}`;
    return `${range} tools (asked for: ${asked}${listed === 0 ? '' : `; ${count(listed)} of listed servers`})`;
  });
  return (
    `The same tasks are played among ${texts.join(', ')}. A smaller toolspace is a part of every larger one and holds the servers that the ` +
    'task cannot do without; a call to a listed server is answered as by an unreachable server.'
  );
}

const listedPart = (tools: number, listedTools: number): string =>
  `${count(listedTools)} of ${count(tools)} tools are of listed servers: a call to them is answered as by an unreachable server`;

const count = (number: number): string => number.toLocaleString('en');
const countOrNone = (number: number): string => (number === 0 ? 'none' : count(number));
const shareOrNone = (part: number, whole: number): string => (part === 0 ? 'none' : percent(part, whole));
const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(1)} %`;
