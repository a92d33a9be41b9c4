/** A name with each answer that a reply gives to it. */
export type NamedAnswers = ReadonlyMap<string, readonly unknown[]>;

const deepest = 5;
const reasonKeys = /reason|rationale|explan|evidence|justif|comment|thought|thinking|analysis|notes?$/i;
const nameKeys = ['criterion', 'criteria', 'id', 'name', 'key'];

/**
 * Answers by name (`c1`, `t1`, in any letter case), wherever in a value they stand: in the object itself, in its only
 * objects or lists. In a `whole` reply also as `{"criterion": "c1", "answer": …}`: inside prose that may be an echo of what was shown,
 * where only the syntax of our own names was taken away (`neutral.ts`).
 */
export function namedAnswers(value: unknown, name: RegExp, isWhole: boolean): NamedAnswers {
  const answers = new Map<string, unknown[]>();
  const add = (key: string, answer: unknown) => answers.set(key, [...(answers.get(key) ?? []), answer]);
  const look = (one: unknown, depth: number): void => {
    if (typeof one !== 'object' || one === null || depth > deepest) return;
    if (Array.isArray(one)) {
      for (const item of one) look(item, depth + 1);
      return;
    }
    const entries = Object.entries(one);
    const named = entries.filter(([key]) => name.test(key.trim()));
    const record = entries.find(([key, of]) => nameKeys.includes(key.toLowerCase()) && isName(of, name));
    if (named.length > 0) for (const [key, answer] of named) add(key.trim().toLowerCase(), answer);
    else if (isWhole && record) add(String(record[1]).trim().toLowerCase(), one);
    else for (const [key, inner] of entries) if (!reasonKeys.test(key)) look(inner, depth + 1);
  };
  look(value, 0);
  return answers;
}

const isName = (value: unknown, name: RegExp): boolean => typeof value === 'string' && name.test(value.trim());

/** All answers together. */
export function joined(all: readonly NamedAnswers[]): NamedAnswers {
  const answers = new Map<string, readonly unknown[]>();
  for (const one of all) for (const [key, given] of one) answers.set(key, [...(answers.get(key) ?? []), ...given]);
  return answers;
}

/** `c1: yes`, `- **c2** = no`: answers without brackets around them. */
export function answersInLines(text: string): NamedAnswers {
  const lines = text.matchAll(/(?<![\p{L}\p{N}_])(c\d{1,3})["'*_`]*\s*[:=]["'*_`(\s]*([^,;\n]+)/giu);
  return joined([...lines].map(([, name = '', answer]) => new Map([[name.toLowerCase(), [answer]]])));
}
