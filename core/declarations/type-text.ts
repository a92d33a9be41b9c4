/** The text of a type, and the sign that joins its parts where it has several. */
export interface Type {
  readonly text: string;
  readonly sign: '' | '|' | '&';
}

export const typed = (text: string): Type => ({ text, sign: '' });

/** Of what nothing is known. One object, so that it can be told from a type. */
export const UNKNOWN: Type = typed('unknown');

/** Different types joined: all of them hold (`&`), or one of them (`|`). Nothing is known where one of them may be anything. */
export function joined(types: readonly Type[], sign: '|' | '&'): Type {
  if (sign === '|' && types.includes(UNKNOWN)) return UNKNOWN;
  const told = [...new Map(types.filter((type) => type !== UNKNOWN).map((type) => [type.text, type])).values()];
  const [first] = told;
  if (first === undefined) return UNKNOWN;
  if (told.length === 1) return first;
  return {
    text: told.map((type) => (type.sign === '' || type.sign === sign ? type.text : `(${type.text})`)).join(` ${sign} `),
    sign,
  };
}

export const arrayOf = ({ text, sign }: Type): Type =>
  typed(sign === '' && !text.startsWith('/**') ? `${text}[]` : `(${text})[]`);

/** A property as an object type names it. */
export const propertyName = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
