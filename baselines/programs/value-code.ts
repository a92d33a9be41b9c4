import type { Json } from '../../core/json.ts';
import type { Reference, ResultStep } from '../../core/plan.ts';

/** Keys that lead from a value to one within it. */
export type Path = readonly (string | number)[];

/** Code of a value. `codeAt`: that of what is not written down where a path leads to; undefined elsewhere. */
export function valueCode(value: Json, codeAt: (path: Path) => string | undefined, path: Path = []): string {
  const own = codeAt(path);
  if (own !== undefined) return own;
  if (Array.isArray(value))
    return `[${(value as readonly Json[]).map((one, index) => valueCode(one, codeAt, [...path, index])).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, one]) => {
    const code = valueCode(one, codeAt, [...path, key]);
    return code === key ? key : `${keyCode(key)}: ${code}`;
  });
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** What a reference takes of a result, whichever it is. */
export type Taken = Pick<Reference, 'at' | 'pattern' | 'before'>;

/** Code of what stands in a result. `object`: code of the result, or of that to which `at` leads on from there. */
export function referenceCode(object: string, { at, pattern, before }: Taken): string {
  const taken = pathCode(object, at) + (pattern === undefined ? '' : `.match(/${pattern}/m)[1]`);
  return before === '' ? taken : `${JSON.stringify(before)} + ${taken}`;
}

/** The same of the value of an expression, and `otherwise` where nothing stands there. */
export function referenceCodeOr(expression: string, { at, pattern, before }: Taken, otherwise: string): string {
  const front = before === '' ? '' : `${JSON.stringify(before)} + `;
  const line = pattern === undefined ? [] : [`.match(/${pattern}/m)`, '[1]'];
  const [first, ...others] = [...at.map(stepCode), ...line];
  if (first === undefined) return front + expression;
  const taken = `(${expression})${first}${others.map((code) => `?.${code.replace(/^\./, '')}`).join('')} ?? ${otherwise}`;
  return front === '' ? taken : `${front}(${taken})`;
}

export const pathCode = (object: string, at: readonly ResultStep[]): string => object + at.map(stepCode).join('');

function stepCode(step: ResultStep): string {
  if (typeof step === 'string') return isName(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  if ('item' in step) return `[${step.item}]`;
  return 'split' in step ? `.split(${JSON.stringify(step.split)})` : `.join(${JSON.stringify(step.join)})`;
}

const isName = (key: string): boolean => /^[A-Za-z_$][\w$]*$/.test(key);

function keyCode(key: string): string {
  // Not computed, this one would be no key.
  if (key === '__proto__') return '["__proto__"]';
  return isName(key) ? key : JSON.stringify(key);
}
