/** Marks in a row from which they are put in order here first. Real scripts pile up a handful. */
const longRunMarks = 64;
/** No mark lies below; most texts of tools have nothing above. */
const beyondLatin = /[\u0300-\uffff]/;
const markRun = new RegExp(`\\p{M}{1,${longRunMarks}}`, 'gu');

/**
 * A text in NFC, in linear time. The engine sorts a run of combining marks by insertion, which is quadratic: long runs
 * get there sorted, as their canonical order has it.
 */
export function toNfc(text: string): string {
  if (text.length < longRunMarks || !beyondLatin.test(text)) return text.normalize('NFC');
  let sorted = '';
  let copied = 0;
  for (const [start, end] of longMarkRuns(text)) {
    sorted += text.slice(copied, start) + inCanonicalOrder(text.slice(start, end));
    copied = end;
  }
  return (sorted + text.slice(copied)).normalize('NFC');
}

/** Beginnings and ends of runs of at least `longRunMarks` marks. */
function* longMarkRuns(text: string): Generator<readonly [number, number]> {
  let start = 0;
  let end = -1;
  let marks = 0;
  for (const match of text.matchAll(markRun)) {
    if (match.index !== end) {
      if (marks >= longRunMarks) yield [start, end];
      start = match.index;
      marks = 0;
    }
    end = match.index + match[0].length;
    marks += match[0].length;
  }
  if (marks >= longRunMarks) yield [start, end];
}

/** Decomposes marks, and sorts those between two starters by combining class, stably. */
function inCanonicalOrder(marks: string): string {
  const decomposed = Array.from(marks, (mark) => mark.normalize('NFD')).flatMap((parts) => Array.from(parts));
  const classes = combiningClasses(new Set(decomposed));
  let ordered = '';
  let buckets: string[] = [];
  for (const mark of decomposed) {
    const combiningClass = classes.get(mark) ?? 0;
    if (combiningClass === 0) {
      ordered += buckets.join('') + mark;
      buckets = [];
    } else buckets[combiningClass] = (buckets[combiningClass] ?? '') + mark;
  }
  return ordered + buckets.join('');
}

/** Marks whose combining classes are the lowest, 1, and the highest, 240. */
const lowestMark = '\u0334';
const highestMark = '\u0345';
/** The engine orders two marks, so it tells which class is higher, though not the class itself. */
const isSwapped = (first: string, second: string): boolean => (first + second).normalize('NFD') === second + first;
const isStarter = (mark: string): boolean => !isSwapped(mark, lowestMark) && !isSwapped(highestMark, mark);

/** Mark → ordinal of its combining class among those of `marks`; 0 for starters, which never move. */
function combiningClasses(marks: ReadonlySet<string>): ReadonlyMap<string, number> {
  const classes = new Map<string, number>();
  const movable = [...marks].filter((mark) => !isStarter(mark));
  movable.sort((a, b) => Number(isSwapped(a, b)) - Number(isSwapped(b, a)));
  let ordinal = 0;
  for (const [index, mark] of movable.entries()) {
    const lower = movable[index - 1];
    if (lower === undefined || isSwapped(mark, lower)) ordinal++;
    classes.set(mark, ordinal);
  }
  return classes;
}
