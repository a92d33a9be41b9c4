import { UsageError } from '../core/errors.ts';
import { listIn } from '../core/list.ts';
import { ownName, ownPathIn, requireShape } from '../core/own-module.ts';
import type { JudgeBackend } from '../core/trajectory.ts';
import type { JudgeDefinition, JudgeResources } from './judge-definition.ts';

const example = '`export default { usage, open }`, where `open` gives a judge `{ name, judge }`';
const judges = listIn<JudgeDefinition>(new URL('./models/', import.meta.url), 'judge', {
  keys: { usage: 'text', open: 'function' },
  example,
});

/**
 * Files of the judges that a name is made of, with argument or without, among them the members of a panel. What is no kind
 * of judge has none: whoever opens it is told.
 */
export function judgeFiles(name: string): URL[] {
  const panel = name.startsWith('panel:') ? name.slice('panel:'.length).split('|') : [];
  const kinds = [name, ...panel].map((part) => partsOf(part.trim()).kind);
  return kinds.filter(judges.has).map(judges.fileOf);
}

/** The judges as a user names them, e.g. `code` and `ollama:MODEL`. */
export const judgeUsages = async (): Promise<string[]> => (await judges.loadAll()).map(({ usage }) => usage);

/** The definition of a judge by its name, with argument or without. Throws `UsageError` that names the known ones. */
export async function judgeDefinition(name: string): Promise<JudgeDefinition> {
  const { kind } = partsOf(name);
  if (judges.has(kind)) return judges.load(kind);
  const known = (await judgeUsages()).join(', ');
  throw new UsageError(`There is no judge "${name}". Known: ${known}, or a module of your own by its path, ./mine.ts.`);
}

/**
 * A judge by name: `KIND` or `KIND:ARGUMENT` for a file of `judges/models/`, or for the path of a user's own. Throws `UsageError`
 * that names the known ones.
 */
export async function judgeNamed(name: string, resources: JudgeResources = {}): Promise<JudgeBackend> {
  const { open } = await judgeDefinition(name);
  const { kind, argument } = partsOf(name);
  const backend = await open(argument, { ...resources, judgeNamed: (other) => judgeNamed(other, resources) });
  if (ownPathIn(kind) === undefined) return backend;
  requireShape(backend, `The judge ${kind} opens something that`, {
    keys: { name: 'text', judge: 'function' },
    example,
  });
  const { reachOf } = await import('../core/identity/reach.ts');
  // Nobody is asked to keep count of what is a matter of the file.
  return {
    ...backend,
    prompt: backend.prompt ?? null,
    build: `source ${reachOf([judges.fileOf(kind)]).hash.slice(0, 12)}`,
  };
}

/** What a judge is called among others, e.g. `ollama` of `ollama:qwen3:4b`, `mine` of `./mine.ts`. */
export const judgeKind = (name: string): string => {
  const { kind } = partsOf(name);
  return ownPathIn(kind) === undefined ? kind : ownName(kind);
};

/** `ollama:qwen3:4b` → `ollama` and `qwen3:4b`; of `embedded?scope=all` the settings are the argument. */
function partsOf(name: string): { readonly kind: string; readonly argument: string } {
  const kind = ownPathIn(name) ?? /^[^:?]*/.exec(name)?.[0] ?? '';
  return { kind, argument: name.slice(kind.length).replace(/^:/, '') };
}
