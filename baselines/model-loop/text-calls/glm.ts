import type { TextCallFormat } from '../text-call.ts';
import { typedArguments } from '../typed-arguments.ts';

/** `<tool_call>NAME<arg_key>KEY</arg_key><arg_value>VALUE</arg_value></tool_call>`, as GLM-4.5 and later write it. */
const call = /<tool_call>\s*([\w.:/-]+)\s*((?:<arg_key>(?:(?!<tool_call>)[^])*?)?)<\/tool_call>/g;
const argument = /<arg_key>\s*([^<]*?)\s*<\/arg_key>\s*<arg_value>([^]*?)<\/arg_value>/g;

export default {
  marks: /<arg_key>/,
  read: (text, functions) =>
    [...text.matchAll(call)].map(({ 0: whole, 1: name = '', 2: body = '', index: start }) => {
      const written = [...body.matchAll(argument)].map(({ 1: key = '', 2: value = '' }) => [key, value] as const);
      const action = { name, arguments: typedArguments(name, written, functions) };
      return { start, end: start + whole.length, action };
    }),
} satisfies TextCallFormat;
