/* Text from outside (servers, models, files) that a person is to read: it is never control. */

/**
 * Marks that turn the direction of writing, and characters without any width: what is read is then not what stands there.
 * Variation selectors of signs (U+FE00 to U+FE0F) choose between forms of what is seen, and stay.
 */
const hiddenCharacter = /[[\p{Default_Ignorable_Code_Point}\u2028\u2029\ufff9-\ufffb]--[\ufe00-\ufe0f]]/gv;

const written = (character: string): string =>
  `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`;

/** The text with each hidden character written out, e.g. as `[U+202E]`. */
export const withVisibleMarks = (text: string): string => text.replaceAll(hiddenCharacter, written);

/** What terminals obey (ECMA-48), longest first. */
const control = new RegExp(
  [
    // Colours, cursor, clearing: parameters, then a final letter.
    String.raw`(?:\x1b\[|\x9b)[0-?]*[ -\/]*[@-~]?`,
    // Titles, links and the like, where they are ended; one that is not would swallow the text behind it.
    String.raw`(?:\x1b[\]PX\^_]|[\x90\x98\x9d-\x9f])[^\p{Cc}]*(?:\x07|\x1b\\|\x9c)`,
    // Other sequences, of two characters or a few more.
    String.raw`\x1b[ -\/]*[0-~]?`,
    // Every other control character but tab and newline.
    String.raw`(?![\t\n])\p{Cc}`,
  ].join('|'),
  'gu',
);

/** The text without anything that commands a terminal, and with hidden characters written out. */
export const readableText = (text: string): string => withVisibleMarks(text.replaceAll(control, ''));
