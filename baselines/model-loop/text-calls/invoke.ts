import type { TextCallFormat } from '../text-call.ts';
import { typedArguments } from '../typed-arguments.ts';

/** `<invoke name="NAME"><parameter name="KEY">VALUE</parameter></invoke>`, as MiniMax M2 and DeepSeek V3.2 write it. */
const call = /<(?:[｜|]DSML[｜|])?invoke name="([^"]+)">((?:(?!invoke name=)[^])*?)<\/(?:[｜|]DSML[｜|])?invoke>/g;
const parameter = /<(?:[｜|]DSML[｜|])?parameter name="([^"]+)"[^>]*>([^]*?)<\/(?:[｜|]DSML[｜|])?parameter>/g;

export default {
  marks: /<(?:[｜|]DSML[｜|])?invoke name="/,
  read: (text, functions) =>
    [...text.matchAll(call)].map(({ 0: whole, 1: name = '', 2: body = '', index: start }) => {
      const written = [...body.matchAll(parameter)].map(
        ({ 1: key = '', 2: value = '' }) => [key, value.replaceAll(/^\n|\n$/g, '')] as const,
      );
      const action = { name, arguments: typedArguments(name, written, functions) };
      return { start, end: start + whole.length, action };
    }),
} satisfies TextCallFormat;
