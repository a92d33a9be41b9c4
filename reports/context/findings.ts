import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Tool } from '../../core/types.ts';
import { type Clash, clashes, type RefusedName, refusedNames, type ToolName } from './names.ts';

/** What in the tools of these servers would trip up a model, a client or a provider. */
export interface Findings {
  /** Share of words above which two tools are near-duplicates. */
  readonly alike: number;
  readonly nearDuplicates: readonly {
    readonly share: number;
    readonly one: ToolName;
    readonly other: ToolName;
  }[];
  readonly clashes: readonly Clash[];
  readonly refusedNames: readonly RefusedName[];
  readonly withoutDescription: readonly ToolName[];
  /** Parameters that nothing is said of. */
  readonly parametersWithoutDescription: readonly (ToolName & { readonly parameters: readonly string[] })[];
  /** What servers did amiss when they listed their tools, a sentence each. */
  readonly remarks: readonly string[];
}

export interface FindingOptions {
  readonly alike: number;
  /** Words of a text, in one form each. */
  readonly wordsOf: (text: string) => readonly string[];
  readonly remarks: readonly string[];
}

const toolNameOf = ({ server, name }: Tool): ToolName => ({ server, tool: name });

export function findingsOf(tools: readonly Tool[], { alike, wordsOf, remarks }: FindingOptions): Findings {
  return {
    alike,
    nearDuplicates: nearDuplicates(tools, alike, wordsOf),
    clashes: clashes(tools),
    refusedNames: refusedNames(tools),
    withoutDescription: tools.filter(({ description }) => description.trim() === '').map(toolNameOf),
    parametersWithoutDescription: tools.flatMap((tool) => {
      const parameters = undescribed(tool.inputSchema);
      return parameters.length === 0 ? [] : [{ ...toolNameOf(tool), parameters }];
    }),
    remarks,
  };
}

/** Tools of different servers whose names and descriptions share words: those of both, over those of either (Jaccard). */
function nearDuplicates(
  tools: readonly Tool[],
  alike: number,
  wordsOf: FindingOptions['wordsOf'],
): Findings['nearDuplicates'] {
  const described = tools.map((tool) => ({ tool, words: new Set(wordsOf(`${tool.name} ${tool.description}`)) }));
  const pairs = described.flatMap(({ tool: one, words }, index) =>
    described.slice(index + 1).flatMap(({ tool: other, words: others }) => {
      // Where one has so many more words, no more can be shared.
      const isApart = Math.min(words.size, others.size) < alike * Math.max(words.size, others.size);
      if (one.server === other.server || isApart) return [];
      const both = words.intersection(others).size;
      const share = both / (words.size + others.size - both);
      return share >= alike ? [{ share: rounded(share), one: toolNameOf(one), other: toolNameOf(other) }] : [];
    }),
  );
  return pairs.sort((a, b) => b.share - a.share);
}

const rounded = (share: number): number => Math.round(share * 1000) / 1000;

/** Top-level parameters: deeper ones are told by those above them. */
function undescribed(schema: JsonObject): string[] {
  const { properties } = schema;
  if (!isJsonObject(properties)) return [];
  return Object.entries(properties).flatMap(([name, property]) => {
    // What a reference leads to may say it.
    const { description, $ref: reference } = isJsonObject(property) ? property : {};
    const says = [description, reference].some((text) => typeof text === 'string' && text.trim() !== '');
    return says ? [] : [name];
  });
}
