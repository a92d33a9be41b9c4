import { UsageError } from '../core/errors.ts';
import { listIn } from '../core/list.ts';
import { ownPathIn } from '../core/own-module.ts';
import type { PolicyDefinition } from './policy-definition.ts';

const policies = listIn<PolicyDefinition>(new URL('./policies/', import.meta.url), 'policy', {
  keys: { usage: 'text', open: 'function' },
  example: '`export default { usage, open }`, where `open` gives a policy `{ name, start }`',
});

/** File of a policy by its name, with argument and settings or without. */
export const policyFile = (policy: string): URL => policies.fileOf(policyNameIn(policy));

/** `ollama` of `ollama:qwen3:4b?temperature=1`, `./mine.ts` of `./mine.ts?depth=2`. */
export const policyNameIn = (policy: string): string => ownPathIn(policy) ?? /^[^:?]*/.exec(policy)?.[0] ?? '';

/** The policies as a user names them, in a sentence without its full stop. */
export async function policyHelp(): Promise<string> {
  const definitions = await policies.loadAll();
  const usages = definitions.map(({ usage }) => usage).join(', ');
  return `${usages} (models also as MODEL?temperature=1), or a module of your own by its path, ./mine.ts (docs/own-parts.md)`;
}

/** The definition of a policy by its name, with argument and settings or without. Throws `UsageError` where there is none. */
export async function policyDefinition(policy: string): Promise<PolicyDefinition> {
  const name = policyNameIn(policy);
  if (policies.has(name)) return policies.load(name);
  throw await noSuchPolicy(policy);
}

export const noSuchPolicy = async (policy: string): Promise<UsageError> =>
  new UsageError(`There is no policy "${policy}". Known: ${await policyHelp()}.`);
