import type { AliasDraw, Paraphrases, ServerNames } from '../../core/alias-types.ts';
import { namesInText } from '../../core/aliases/named-in-text.ts';
import { translationOf, type Translation } from '../../core/aliases/translation.ts';
import { seedOf } from '../../core/seeds.ts';
import type { ServerCard, Tool, Toolspace, WorldParameters } from '../../core/types.ts';
import { shownAs } from '../result-shapes/result-shapes.ts';
import { summaryByTools, toolspaceOf } from '../toolspaces.ts';
import { aliasedTool, type SayOtherwise } from './aliased-tool.ts';
import { heldOutOf } from './held-out.ts';
import { drawNames } from './names.ts';
import { givenFor } from './paraphrases.ts';
import { reworded } from './reworded.ts';
import { vocabularyNamed } from './vocabulary.ts';

/** What a task offers under the names that were drawn for it. */
export interface AliasedToolspace {
  /** Made when it is first asked for: plans need but its names. */
  readonly toolspace: Toolspace;
  readonly translation: Translation;
  /** Tools that a server lists in mid-episode, as they are shown; those that it did not have before keep their names. */
  readonly aliasedTools: (server: string, tools: readonly Tool[]) => readonly Tool[];
}

/** What a task's world shows: under the names that were drawn for it, or under its own. Throws `UsageError` where a server cannot be asked. */
export const shownToolspace = ({ servers, aliases }: Pick<WorldParameters, 'servers' | 'aliases'>): Toolspace =>
  aliases ? aliasedToolspace(servers, aliases).toolspace : toolspaceOf(servers);

/** Views keep what they make of a toolspace by the object: the tasks that are played at a time, and a few more. */
const MOST_KEPT = 32;
const kept = new Map<string, Kept>();

/** Given paraphrases are long, and seldom several in a process: they are compared as the object that they are, and no part of the key. */
interface Kept {
  readonly real: Toolspace;
  readonly paraphrases: Paraphrases | undefined;
  readonly aliased: AliasedToolspace;
}

/** The same object for the same servers and draw, as long as it is in use. Throws `UsageError` where a server cannot be asked. */
export function aliasedToolspace(servers: readonly string[], draw: AliasDraw): AliasedToolspace {
  const real = toolspaceOf(servers);
  const { paraphrases, ...rest } = draw;
  const key = JSON.stringify([servers, rest]);
  const known = kept.get(key);
  const isSame = known?.real === real && known.paraphrases === paraphrases;
  const aliased = isSame ? known.aliased : makeAliased(real, draw);
  kept.delete(key);
  kept.set(key, { real, paraphrases, aliased });
  for (const oldest of [...kept.keys()].slice(0, Math.max(0, kept.size - MOST_KEPT))) kept.delete(oldest);
  return aliased;
}

function makeAliased(real: Toolspace, draw: AliasDraw): AliasedToolspace {
  const names = drawNames(real, draw);
  const cards = new Map(real.servers.map((card) => [card.name, card]));
  const toolsByServer = Map.groupBy(real.tools, ({ server }) => server);
  const inText = namesInText(names);
  const say = sayingOf(draw);
  const aliasedTools = (server: string, tools: readonly Tool[]): readonly Tool[] => {
    const ofServer = names.find((one) => one.server === server);
    if (!ofServer) return tools;
    const order = new Map(ofServer.tools.map((one, place) => [one.tool, { one, place }]));
    const inTextHere = (text: string) => inText(text, server);
    return tools
      .toSorted((a, b) => (order.get(a.name)?.place ?? order.size) - (order.get(b.name)?.place ?? order.size))
      .map((tool) => {
        const ofTool = order.get(tool.name)?.one;
        if (!ofTool) return shownAs(tool, { ...tool, server: ofServer.alias });
        return aliasedTool(tool, { serverAlias: ofServer.alias, names: ofTool, inText: inTextHere, say });
      });
  };
  const shownCard = ({ server, alias }: ServerNames, tools: readonly Tool[]): ServerCard => {
    const { summary, instructions } = cards.get(server) ?? { summary: '' };
    const inTextHere = (text: string) => inText(text, server);
    // A list of names is not said in other words.
    const isByTools = summary === summaryByTools(toolsByServer.get(server) ?? []);
    const isKept = alias === server || (isByTools && !draw.paraphrases?.servers[server]);
    const same = isByTools ? summaryByTools(tools) : inTextHere(summary);
    return {
      name: alias,
      summary: isKept ? same : say(summary, inTextHere, server),
      ...(instructions === undefined ? {} : { instructions: inTextHere(instructions) }),
    };
  };
  const makeToolspace = (): Toolspace => {
    const shown = names.map((one) => ({ one, tools: aliasedTools(one.server, toolsByServer.get(one.server) ?? []) }));
    return {
      servers: shown.map(({ one, tools }) => shownCard(one, tools)),
      tools: shown.flatMap(({ tools }) => tools),
    };
  };
  let toolspace: Toolspace | undefined;
  return {
    get toolspace() {
      return (toolspace ??= makeToolspace());
    },
    translation: translationOf(names),
    aliasedTools,
  };
}

function sayingOf(draw: AliasDraw): SayOtherwise {
  const vocabulary = vocabularyNamed(draw.vocabulary);
  const heldOut = heldOutOf(draw);
  return (text, withAliases, ...place) => {
    const seed = seedOf('alias words', draw.seed, ...place);
    const given = givenFor(draw.paraphrases, draw.vocabulary, place);
    return reworded(text, { seed, vocabulary, heldOut, given, withAliases });
  };
}
