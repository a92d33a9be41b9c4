import type { Execution } from '../../core/execution.ts';
import { RUN_PROGRAM } from '../../core/execution.ts';
import type { MetaTool } from '../../core/types.ts';

/** The constant meta-tool beside a view's own. */
export const runProgram: MetaTool = {
  name: RUN_PROGRAM,
  description:
    'Runs a program in JavaScript. In it every server is an object, and every tool that can be called an async function of it.',
  inputSchema: {
    type: 'object',
    properties: { code: { type: 'string', description: 'The program.' } },
    required: ['code'],
    additionalProperties: false,
  },
};

const example = String.raw`run_program({"code": "const pages = await Promise.all(['a', 'b'].map((name) => wiki.read_page({ name })));\nconst words = pages.map((page) => page.text.split(' ').length);\nreturn words"})`;

interface ProgramWordsOptions {
  readonly execution: Exclude<Execution, 'calls'>;
  /** Servers whose names no program can write, and what they are called there. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Each tool is a function of its own. */
  readonly hasFunctions: boolean;
}

/** What the system prompt says of programs, behind what the view says. */
export function programWords({ execution, renamed, hasFunctions }: ProgramWordsOptions): string {
  const names = [...renamed].map(([name, identifier]) => `${name} is ${identifier}`).join(', ');
  const directly = hasFunctions ? 'by their functions' : 'with call_tool';
  return [
    execution === 'programs'
      ? `Tools are called by programs alone, with ${RUN_PROGRAM}.`
      : `Tools can be called one at a time ${directly}, or by programs with ${RUN_PROGRAM}: where there are many calls, or long results, a program is better.`,
    ...(hasFunctions ? ['The function SERVER__TOOL shows what a tool takes; in a program it is SERVER.TOOL.'] : []),
    ...(execution === 'programs' && !hasFunctions
      ? [
          'Schemas are shown as TypeScript declarations, a namespace for each server, with what tools give where that is known.',
        ]
      : []),
    'A program is JavaScript. Every server is an object of it, and every tool whose schema you have seen an async function that takes one',
    'object of arguments: await server.tool({ name: value }). A result is an object or a list where the tool gives JSON, otherwise text; a tool that',
    'fails throws. Variables that are declared at top level are there in your later programs. You see what a program returns, or the value of',
    'its last line, and what it logs, and nothing else of it: keep what is long in variables. For example, with a server wiki,',
    'where you would see [212,178]:',
    example,
    `In programs a character of a name that no identifier can have is written _${names === '' ? '' : `: ${names}`}.`,
  ].join('\n');
}

/** The words of a view that name what calls its tools, where that is a program alone. */
export const withProgramsAlone = (system: string): string =>
  system.replace(/\bcall_tool(?=\scan call (?:it|its tools)\.)/, RUN_PROGRAM);
