/** What TypeScript and JavaScript modules keep for themselves, so that no function may be called so. */
const reserved = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends false ' +
    'finally for function if implements import in instanceof interface let new null package private protected public ' +
    'return static super switch this throw true try typeof var void while with yield'
  ).split(' '),
);

const isPlain = (name: string): boolean => /^[A-Za-z_$][\w$]*$/.test(name);

/** A name as a valid identifier: other signs become `_`, and words of the language get one at the end. */
export function identifierOf(name: string): string {
  const plain = name.replaceAll(/[^\w$]+/g, '_');
  const whole = /^[A-Za-z_$]/.test(plain) ? plain : `_${plain}`;
  return reserved.has(whole) ? `${whole}_` : whole;
}

/** Names as valid identifiers, all different and in the same order: the second that would be `a_b` is `a_b_2`. */
export function identifiersOf(names: readonly string[]): string[] {
  // A name that is valid as it is stays so, whichever comes first.
  const taken = new Set(names.filter((name) => identifierOf(name) === name));
  const given = new Set<string>();
  return names.map((name) => {
    const wanted = identifierOf(name);
    let identifier = wanted;
    if (wanted !== name || given.has(wanted))
      for (let count = 2; taken.has(identifier) || given.has(identifier); count++) identifier = `${wanted}_${count}`;
    given.add(identifier);
    return identifier;
  });
}

/** A property as an object type names it. */
export const propertyName = (name: string): string => (isPlain(name) ? name : JSON.stringify(name));
