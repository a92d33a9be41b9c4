import { UsageError } from '../core/errors.ts';
import { listIn } from '../core/list.ts';
import type { JudgeBackend } from '../core/trajectory.ts';
import type { JudgeDefinition, JudgeResources } from './judge-definition.ts';

const judges = listIn<JudgeDefinition>(new URL('./models/', import.meta.url), 'judge');

/**
 * Files of the judges that a name is made of, with argument or without, among them the members of a panel. What is no kind
 * of judge has none: whoever opens it is told.
 */
export function judgeFiles(name: string): URL[] {
  const panel = name.startsWith('panel:') ? name.slice('panel:'.length).split('|') : [];
  const kinds = [name, ...panel].map((part) => judgeKind(part.trim()));
  return kinds.filter((kind) => judges.names().includes(kind)).map(judges.fileOf);
}

/** The judges as a user names them, e.g. `code` and `ollama:MODEL`. */
export const judgeUsages = async (): Promise<string[]> => (await judges.loadAll()).map(({ usage }) => usage);

/** The definition of a judge by its name, with argument or without. Throws `UsageError` that names the known ones. */
export async function judgeDefinition(name: string): Promise<JudgeDefinition> {
  const kind = judgeKind(name);
  if (judges.names().includes(kind)) return judges.load(kind);
  throw new UsageError(`There is no judge "${name}". Known: ${(await judgeUsages()).join(', ')}.`);
}

/** A judge by name: `KIND` or `KIND:ARGUMENT` for a file of `judges/models/`. Throws `UsageError` that names the known ones. */
export async function judgeNamed(name: string, resources: JudgeResources = {}): Promise<JudgeBackend> {
  const { open } = await judgeDefinition(name);
  return open(partsOf(name).argument, { ...resources, judgeNamed: (other) => judgeNamed(other, resources) });
}

/** What the name of a judge begins with, e.g. `ollama` of `ollama:qwen3:4b`. */
export const judgeKind = (name: string): string => partsOf(name).kind;

/** `ollama:qwen3:4b` → `ollama` and `qwen3:4b`; of `embedded?scope=all` the settings are the argument. */
function partsOf(name: string): { readonly kind: string; readonly argument: string } {
  const [, kind = '', argument = ''] = /^([^:?]*):?(.*)$/s.exec(name) ?? [];
  return { kind, argument };
}
