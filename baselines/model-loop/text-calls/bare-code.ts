import { RUN_PROGRAM } from '../../../core/execution.ts';
import { isKnown, type TextCallFormat } from '../text-call.ts';

/** Code between fences that name its language, as most models write programs: each a program, where programs can be run. */
export default {
  read: (text, functions) =>
    isKnown(RUN_PROGRAM, functions)
      ? [...text.matchAll(fenced)].map(({ 0: whole, 1: code = '', index: start }) => ({
          start,
          end: start + whole.length,
          action: { name: RUN_PROGRAM, arguments: { code } },
        }))
      : [],
} satisfies TextCallFormat;

/** A fence that is not closed was cut, and what stands behind it is no whole program. */
const fenced = /^[ \t]*```(?:js|javascript|mjs|ts|typescript)[ \t]*\r?\n([^]*?)(?:\r?\n)?^[ \t]*```[ \t]*$/gim;
