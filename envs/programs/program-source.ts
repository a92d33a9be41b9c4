import { parse, type Expression, type Pattern, type Program } from 'acorn';
import { messageOf } from '../../core/errors.ts';

/** A program as the interpreter gets it, or why it cannot be read. */
export type ProgramSource = { readonly source: string } | { readonly fault: string };

export interface SourceOptions {
  /** Names that no variable of the program may take beyond it: servers, and what the language has. */
  readonly isTaken: (name: string) => boolean;
  /** Takes type annotations out, each character becoming a blank. Throws where the text is no TypeScript. Absent: it cannot be done. */
  readonly withoutTypes?: ((text: string) => string) | undefined;
}

/**
 * Makes a function of a program, line for line: what it declares at top level becomes a variable that lives on, and the value of
 * an expression at its end is returned. Types are taken out where it is TypeScript.
 */
export function programSource(code: string, { isTaken, withoutTypes }: SourceOptions): ProgramSource {
  let text = code;
  let program: Program;
  try {
    program = parsed(code);
  } catch (error) {
    try {
      if (withoutTypes === undefined) throw error;
      text = withoutTypesOf(code, withoutTypes);
      program = parsed(text);
    } catch {
      return { fault: faultText(error) };
    }
  }
  const edits = program.body.flatMap((statement, index) => [
    ...declarationEdits(statement, isTaken),
    ...(index === program.body.length - 1 ? valueEdits(statement) : []),
  ]);
  const hoisted = program.body.flatMap((statement) =>
    statement.type === 'FunctionDeclaration' && !isTaken(statement.id.name)
      ? [`globalThis.${statement.id.name} = ${statement.id.name};`]
      : [],
  );
  // On the program's first line, so that lines keep their numbers; behind a semicolon no "use strict" begins it, and may forbid to make variables.
  return { source: `(async function () {;${hoisted.join(' ')} ${edited(text, edits)}\n})` };
}

const parsed = (text: string): Program =>
  parse(text, {
    ecmaVersion: 2024,
    sourceType: 'script',
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
    locations: true,
  });

const [head, tail] = ['async function program() {', '\n}'];

/** Within a function, where a program may return and await. */
const withoutTypesOf = (code: string, withoutTypes: (text: string) => string): string =>
  withoutTypes(head + code + tail).slice(head.length, -tail.length);

function faultText(error: unknown): string {
  const { loc } = error as { readonly loc?: { readonly line: number; readonly column: number } };
  const what = messageOf(error).replace(/ \(\d+:\d+\)$/, '');
  const where = loc ? `Line ${loc.line}, column ${loc.column + 1}: ` : '';
  const cure = what.startsWith("'import' and 'export'")
    ? 'a program can neither import nor export; the servers are there without it.'
    : `${what}.`;
  return where + cure;
}

type TopLevel = Program['body'][number];

/** Text put in place of what stands between two positions. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function edited(text: string, edits: readonly Edit[]): string {
  let [result, position] = ['', 0];
  for (const { start, end, text: other } of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(position, start) + other;
    position = end;
  }
  return result + text.slice(position);
}

/** `const { a } = b` becomes `;({ a } = b)`: an assignment to a variable that no function holds. */
function declarationEdits(statement: TopLevel, isTaken: SourceOptions['isTaken']): Edit[] {
  if (statement.type === 'ClassDeclaration')
    return isTaken(statement.id.name)
      ? []
      : [
          { start: statement.start, end: statement.start, text: `;${statement.id.name} = ` },
          { start: statement.end, end: statement.end, text: ';' },
        ];
  if (statement.type !== 'VariableDeclaration') return [];
  const { declarations, start, kind } = statement;
  if (declarations.some(({ id }) => namesIn(id).some(isTaken))) return [];
  return [
    { start, end: start + kind.length, text: ';' },
    ...declarations.flatMap(({ id, init, start: from, end }): Edit[] => {
      if (!init) return [{ start: end, end, text: ' = undefined' }];
      if (id.type === 'Identifier') return [];
      return [
        { start: from, end: from, text: '(' },
        { start: end, end, text: ')' },
      ];
    }),
  ];
}

function namesIn(pattern: Pattern | null): string[] {
  if (pattern === null) return [];
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((one) => namesIn(one.type === 'RestElement' ? one.argument : one.value));
    case 'ArrayPattern':
      return pattern.elements.flatMap(namesIn);
    case 'RestElement':
      return namesIn(pattern.argument);
    case 'AssignmentPattern':
      return namesIn(pattern.left);
    case 'MemberExpression':
      return [];
  }
}

/** The value of the last line comes back as it does in a notebook; that of an assignment does not. */
function valueEdits(statement: TopLevel): Edit[] {
  if (statement.type !== 'ExpressionStatement' || isAssignment(statement.expression)) return [];
  return [{ start: statement.start, end: statement.start, text: 'return ' }];
}

const isAssignment = ({ type }: Expression): boolean => type === 'AssignmentExpression' || type === 'UpdateExpression';
