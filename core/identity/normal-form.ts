import { createHash } from 'node:crypto';
import { parse, type Node } from 'acorn';
import { withoutTypes } from '../type-stripping.ts';

/** A way from a module to what it is made of besides its own text. */
export interface Edge {
  /** `file`: a module, data or a package, as `to` names it; `members`: all modules of the folder `to`. */
  readonly kind: 'file' | 'members';
  /** As written, e.g. `./draw.ts`, `acorn`. */
  readonly to: string;
  /** What the module calls it: the names of an import, or the place among those that its code names. */
  readonly as: string;
}

/** A module without types, comments and layout. */
export interface NormalForm {
  /** SHA-256 (hex) of its syntax tree, in which no path of another module stands. */
  readonly hash: string;
  readonly edges: readonly Edge[];
}

/**
 * The normal form of a module's text. Comments, white space, semicolons, brackets, quotes, trailing commas, types and the
 * order of imports do not count; names of variables and the order of statements do. `ending` is that of its file: `.ts`,
 * `.mts`, `.js`, `.mjs`, or `.cjs`. Throws `SyntaxError`.
 */
export function normalForm(text: string, ending: string): NormalForm {
  const program = parse(/^\.m?ts$/.test(ending) ? withoutTypes(text) : text, {
    ecmaVersion: 'latest',
    sourceType: ending === '.cjs' ? 'script' : 'module',
    allowReturnOutsideFunction: ending === '.cjs',
  });
  const edges: Edge[] = [];
  const add = (kind: Edge['kind'], to: string, as = `${edges.length}`) => void edges.push({ kind, to, as });
  const statements = program.body as readonly Tree[];
  for (const { type, specifiers = [], source, exported } of statements.filter(isImport)) {
    const names = specifiers.map((name) => treeText(name, add)).sort();
    add('file', textOf(source) ?? '', [type, ...(exported ? [treeText(exported, add)] : []), ...names].join(' '));
  }
  const code = treeText(
    statements.filter((statement) => !isImport(statement)),
    add,
  );
  return { hash: createHash('sha256').update(code).digest('hex'), edges };
}

/** The parts of a syntax tree (ESTree) that are asked for here. */
interface Tree extends Partial<Omit<Node, 'type'>> {
  readonly type: string;
  readonly source?: Tree | null;
  readonly specifiers?: readonly Tree[];
  readonly exported?: Tree | null;
  readonly callee?: Tree;
  readonly arguments?: readonly Tree[];
  readonly object?: Tree;
  readonly property?: Tree;
  readonly key?: Tree;
  readonly computed?: boolean;
  readonly name?: string;
  readonly value?: unknown;
  readonly regex?: object;
  readonly bigint?: string;
}

const isImport = ({ type, source }: Tree): boolean =>
  ['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration'].includes(type) && Boolean(source);

/** A tree as text; `add` is told every module, file and list that it names. */
function treeText(tree: Tree | readonly Tree[], add: (kind: Edge['kind'], to: string) => void): string {
  return JSON.stringify(tree, (name, value: unknown) => {
    if (name === 'start' || name === 'end') return undefined;
    if (Array.isArray(value)) return value.filter((part: Tree | null) => part?.type !== 'EmptyStatement');
    if (typeof value !== 'object' || value === null || !('type' in value)) return value;
    const node = value as Tree;
    const list = wholeListOf(node);
    if (list !== undefined) add('members', list);
    const file = fileNamedBy(node);
    if (file !== undefined) {
      add('file', file);
      return { type: node.type, callee: node.callee };
    }
    return plain(node);
  });
}

/** A node without the choices that a printer of code makes. */
function plain(node: Tree): object {
  if (node.type === 'Literal') {
    const { regex, bigint, value } = node;
    return {
      type: 'Literal',
      value: regex ?? bigint ?? (typeof value === 'number' ? `${value}` : value),
      of: typeof value,
    };
  }
  const quoted = node.computed === false ? textOf(node.key) : undefined;
  return quoted === undefined ? node : { ...node, key: { type: 'Identifier', name: quoted } };
}

const textOf = (node: Tree | null | undefined): string | undefined =>
  node?.type === 'Literal' && typeof node.value === 'string' ? node.value : undefined;

/** `import('x')`, `new URL('x', import.meta.url)`, `require('x')`, `require.resolve('x')`; a folder is none. */
function fileNamedBy({ type, source, callee, arguments: [first] = [] }: Tree): string | undefined {
  if (type === 'ImportExpression') return textOf(source);
  const path = textOf(first);
  if (path === undefined) return undefined;
  if (type === 'NewExpression' && callee?.name === 'URL') return path.endsWith('/') ? undefined : path;
  const isResolve = callee?.property?.name === 'resolve' && callee.object?.name === 'require';
  return type === 'CallExpression' && (callee?.name === 'require' || isResolve) ? path : undefined;
}

/** The folder of `listIn(new URL('FOLDER/', import.meta.url), …).loadAll()`. */
function wholeListOf({ type, callee }: Tree): string | undefined {
  if (type !== 'CallExpression' || callee?.property?.name !== 'loadAll') return undefined;
  const list = callee.object;
  return list?.callee?.name === 'listIn' ? textOf(list.arguments?.[0]?.arguments?.[0]) : undefined;
}
