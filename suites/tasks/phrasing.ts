/**
 * One way of asking. `frame` holds `{steps}`, `join` stands between the clauses; every other entry is a clause by kind,
 * with its values in braces.
 */
export type Phrasing = Readonly<Record<string, string>> & { readonly frame: string; readonly join: string };

/** All ways of asking of one family: those trained on, those never trained on, and the vague ones. */
export interface Phrasings {
  readonly train: readonly Phrasing[];
  readonly wording: readonly Phrasing[];
  readonly fuzzy: readonly Phrasing[];
}

export interface Clause {
  readonly kind: string;
  readonly values: Readonly<Record<string, string>>;
}

/** The prompt. A clause that begins a sentence gets a capital, unless it begins with a value. */
export function phrase(phrasing: Phrasing, clauses: readonly Clause[]): string {
  const [before = '', after = ''] = phrasing.frame.split('{steps}');
  let text = before;
  for (const [index, { kind, values }] of clauses.entries()) {
    if (index > 0) text = joined(text, phrasing.join);
    const template = phrasing[kind];
    if (template === undefined) throw new RangeError(`a phrasing has no clause for ${kind}`);
    const clause = template.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new RangeError(`clause ${kind} has no value ${name}`);
      return value;
    });
    const isStart = /(^|[.?!]\s)$/.test(text) && !template.startsWith('{');
    text += isStart ? clause.charAt(0).toUpperCase() + clause.slice(1) : clause;
  }
  return joined(text, after);
}

/** A clause that ends its sentence itself needs no further mark. */
const joined = (text: string, next: string) =>
  text + (/[.?!]$/.test(text) && /^[.?!]/.test(next) ? next.slice(1) : next);
