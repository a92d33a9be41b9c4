import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { vocabularies, type Paraphrases, type VocabularyName } from '../../core/alias-types.ts';
import { messageOf, UsageError } from '../../core/errors.ts';
import { isJsonObject } from '../../core/json.ts';
import { seedOf } from '../../core/seeds.ts';
import { heldOutAmong, type HeldOut } from './held-out.ts';

const form =
  'Write descriptions of servers and tools, as in {"servers": {"memory": ["…", "…", "…"]}, "tools": {"memory.read_graph": ["…", "…", "…"]}}.';

/**
 * Reads a file of descriptions, YAML or JSON: `servers` by name, `tools` by `SERVER.TOOL`, each a list of at least three texts, since each
 * kind of split has its own third. Throws `UsageError`.
 */
export function readParaphrases(path: string): Paraphrases {
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`The paraphrases in ${path} cannot be read: ${messageOf(error)}. ${form}`, { cause: error });
  }
  if (!isJsonObject(content)) throw new UsageError(`${path} holds no paraphrases. ${form}`);
  const strange = Object.keys(content).find((key) => key !== 'servers' && key !== 'tools');
  if (strange !== undefined)
    throw new UsageError(`${path} has "${strange}", which is neither servers nor tools. ${form}`);
  return { servers: textsIn(path, 'servers', content['servers']), tools: textsIn(path, 'tools', content['tools']) };
}

function textsIn(path: string, part: string, value: unknown = {}): Record<string, readonly string[]> {
  if (!isJsonObject(value)) throw new UsageError(`${path}: ${part} is no mapping of names to lists of texts. ${form}`);
  return Object.fromEntries(
    Object.entries(value).map(([name, texts]) => {
      const isList = Array.isArray(texts) && texts.every((one) => typeof one === 'string' && one.trim() !== '');
      if (!isList) throw new UsageError(`${path}: the paraphrases of ${name} are no list of texts. ${form}`);
      const different = [...new Set(texts as readonly string[])];
      if (different.length < vocabularies.length)
        throw new UsageError(
          `${path}: ${name} has ${different.length} different paraphrases. Give at least ${vocabularies.length}: those that a policy trains ` +
            'on, those that it is chosen by and those that it is measured on are not the same.',
        );
      return [name, different];
    }),
  );
}

/** Refuses texts that are held out. Throws `UsageError`. */
export function refuseHeldOut({ servers, tools }: Paraphrases, heldOut: HeldOut): void {
  for (const [name, texts] of [...Object.entries(servers), ...Object.entries(tools)]) {
    const [found] = heldOutAmong(texts, heldOut);
    if (found !== undefined)
      throw new UsageError(
        `The paraphrase ${JSON.stringify(found)} of ${name} is a name or description of a held-out server, which nobody may learn from. Leave it out.`,
      );
  }
}

/** The texts for a server, or a tool of it, that belong to a vocabulary: every third, in an order that hangs on the texts alone. */
export function givenFor(
  paraphrases: Paraphrases | undefined,
  vocabulary: VocabularyName,
  place: readonly string[],
): readonly string[] {
  const [server = '', tool, ...deeper] = place;
  if (!paraphrases || deeper.length > 0) return [];
  const texts = tool === undefined ? paraphrases.servers[server] : paraphrases.tools[`${server}.${tool}`];
  const order = (texts ?? []).toSorted((a, b) => seedOf('paraphrase', a) - seedOf('paraphrase', b));
  return order.filter((_, index) => index % vocabularies.length === vocabularies.indexOf(vocabulary));
}
