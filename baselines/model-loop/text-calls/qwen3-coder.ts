import type { TextCallFormat } from '../text-call.ts';
import { typedArguments } from '../typed-arguments.ts';

/** `<function=NAME><parameter=KEY>VALUE</parameter></function>`, as Qwen3-Coder and Seed-OSS write it. */
const call = /<function=([^>\s]+)>((?:(?!<function=)[^])*?)<\/function>/g;
const parameter = /<parameter=([^>\s]+)>\n?((?:(?!<parameter=)[^])*?)\n?(?:<\/parameter>|(?=<parameter=)|$)/g;

export default {
  marks: /<function=/,
  read: (text, functions) =>
    [...text.matchAll(call)].flatMap(({ 0: whole, 1: name = '', 2: body = '', index: start }) => {
      if (body.trim().startsWith('{')) return [];
      const written = [...body.matchAll(parameter)].map(({ 1: key = '', 2: value = '' }) => [key, value] as const);
      const action = { name, arguments: typedArguments(name, written, functions) };
      return [{ start, end: start + whole.length, action }];
    }),
} satisfies TextCallFormat;
