/** Longest run that the pattern gets to see; the engine has room to go back over some millions. */
const defaultMostRunLength = 20_000;

interface Omission {
  /** Position in the shortened text at which something is missing, inside a run. */
  readonly at: number;
  readonly length: number;
}

/**
 * Pre-tokens of a text, by the tokenizer's own pattern. In a long run of letters, or of what is neither letter, number
 * nor white space, the engine's memory for going back would overflow. The pattern takes such a run to its end however
 * long it is: so it sees a shortened one, and the pre-token found there gets back what is missing.
 */
export function preTokens(text: string, pattern: RegExp, mostRunLength = defaultMostRunLength): Iterable<string> {
  return text.length <= mostRunLength ? (text.match(pattern) ?? []) : longPreTokens(text, pattern, mostRunLength);
}

function* longPreTokens(text: string, pattern: RegExp, mostRunLength: number): Generator<string> {
  const { shortened, omissions } = shorten(text, mostRunLength);
  let omitted = 0;
  let omission = 0;
  let start = 0;
  for (const match of shortened.matchAll(pattern)) {
    const end = match.index + match[0].length;
    for (; (omissions[omission]?.at ?? Infinity) < end; omission++) omitted += omissions[omission]?.length ?? 0;
    yield text.slice(start, end + omitted);
    start = end + omitted;
  }
}

/** Leaves out the middle of long runs. */
function shorten(text: string, mostRunLength: number): { shortened: string; omissions: readonly Omission[] } {
  const most = `{1,${mostRunLength}}`;
  const run = new RegExp(
    `(\\p{L}${most})|([^\\p{White_Space}\\p{L}\\p{N}]${most})|[\\p{White_Space}\\p{N}]${most}`,
    'gu',
  );
  let shortened = '';
  let copied = 0;
  const omissions: Omission[] = [];
  let kind: 'letters' | 'others' | undefined;
  for (const match of text.matchAll(run)) {
    const matchKind = match[1] !== undefined ? 'letters' : match[2] !== undefined ? 'others' : undefined;
    if (matchKind !== undefined && matchKind === kind) {
      // the same run goes on: all but its end is kept once
      const { length } = Array.from(match[0].slice(-2)).at(-1) ?? '';
      const omittedLength = match[0].length - length;
      shortened += text.slice(copied, match.index);
      if (omittedLength > 0) omissions.push({ at: shortened.length, length: omittedLength });
      copied = match.index + omittedLength;
    }
    kind = matchKind;
  }
  return { shortened: shortened + text.slice(copied), omissions };
}
