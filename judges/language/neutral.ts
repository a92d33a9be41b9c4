/**
 * Takes the means of deception out of text that a policy or a server wrote, and nothing that a judge should see:
 *
 * - Control characters, and characters that show nothing (zero-width, direction, tags, variation selectors, lone
 *   surrogates, …), become `[2 hidden characters]`: what they spell is gone, that they were there is evidence.
 * - Whatever looks like a tag or a chat template's delimiter (`<|im_end|>`, `</s>`, `<start_of_turn>`, `<<SYS>>`, `[INST]`)
 *   loses its brackets to look-alikes, so that no tokenizer makes a special token of it.
 * - The syntax of our own verdicts (`"c1": …`, `verdict: …`) loses its colon to a look-alike.
 *
 * The same goes for criteria, so that equal values stay equal. Who shows it adds the last wall: a JSON string on one line,
 * in which no text can end its own quotation or begin a line that looks like ours.
 */
export function neutral(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll('\r\n', '\n')
    .replace(hidden, (run) => `[${count(Array.from(run).length, 'hidden character')}]`)
    .replace(tag, (_, inner: string) => `‹${inner}›`)
    .replace(instruction, (_, inner: string) => `⟦${inner}⟧`)
    .replace(verdict, (_, name: string, gap: string) => `${name}${gap}∶`);
}

/** A name as it is where it is one, else quoted: a policy may write anything for the name of a tool. */
export const nameOrQuoted = (text: string): string =>
  /^[\w-]{1,64}$/.test(text) ? text : JSON.stringify(neutral(text).slice(0, 64));

/** Everything that shows nothing, but for the line feed and the tab. U+FFFD stands for a lone surrogate, too. */
const hidden = /(?:(?![\n\t])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Co}\u2028\u2029\uFFFD])+/gu;
const tag = /<+([/|｜]?[^\s<>]{1,60})>+/gu;
const instruction = /\[(\/?[A-Z][A-Z_]{2,24}|[gs]MASK)\]/gu;
/** At the beginning of a word, or after an escaped line feed in text that was quoted before. */
const verdict =
  /(?<=^|[^\p{L}\p{N}_]|\\[nrt])([ct]\d{1,3}|verdicts?|scores?|ratings?|judge?ments?)(["'*_`\\]*\s*)[:=：]/giu;

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
