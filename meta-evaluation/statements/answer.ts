import type { TextTest } from '../../core/goal-types.ts';

/** Whether an answer is the one wanted, as a strict reader would say: white space, quotes and a last full stop aside. */
export function answersTest(test: TextTest, answer: string): boolean {
  if ('equals' in test) return plain(answer) === plain(test.equals);
  if ('contains' in test) return answer.includes(test.contains);
  if ('number' in test) {
    const digits = plain(answer)
      .replace(/[,\s](?=\d{3}\b)/g, '')
      .replace(/\s*[%$€£]$/, '');
    return digits !== '' && Math.abs(Number(digits) - test.number) <= test.tolerance;
  }
  if ('items' in test) {
    const given = partsOf(answer);
    return given.length === test.items.length && test.items.every((one) => given.includes(plain(one)));
  }
  return new RegExp(test.matches, 'u').test(answer);
}

function plain(text: string): string {
  const inner = text.trim().replace(/(\D)\.$/, '$1');
  const quoted = /^(["'`“‘«])([\s\S]*)(["'`”’»])$/.exec(inner);
  return quoted ? (quoted[2] ?? '').trim() : inner;
}

function partsOf(answer: string): string[] {
  const text = answer.trim().replace(/^\[([\s\S]*)\]$/, '$1');
  const separator = text.includes('\n') ? '\n' : text.includes(';') ? ';' : /,| and /;
  return text
    .split(separator)
    .map((part) =>
      plain(
        part
          .trim()
          .replace(/^(?:[-*•]|\d+[.)]) +/, '')
          .replace(/[,;]$/, '')
          .replace(/^and /, ''),
      ),
    )
    .filter((part) => part !== '');
}
