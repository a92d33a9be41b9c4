/** A word of a command as a shell takes it, in quotes where it would mean something else without. */
export const shellWord = (word: string): string =>
  /^[\w./:@+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
