import type { Tool } from '../../core/types.ts';
import type { ToolOffer } from '../processes/tool-list.ts';
import type { ServerDefinition } from '../server-definition.ts';
import { ownServerChoice } from './choice.ts';

/** Which tools of a user's own server are offered, as its block says. */
export function offerOf({ own }: ServerDefinition): ToolOffer {
  const { offeredTools, leftOutTools = [] } = own?.source.block ?? {};
  return {
    includes: (tool) => (offeredTools?.includes(tool) ?? true) && !leftOutTools.includes(tool),
    named: [...new Set([...(offeredTools ?? []), ...leftOutTools])],
  };
}

/** A task file that names such an address was written for a server that its author started for it. */
const isOnThisMachine = (url: string): boolean =>
  /^(localhost|127(\.\d+){3}|\[::1\])$/.test(URL.parse(url)?.hostname ?? '');

const MOST_NAMED = 12;

/** Why a server that runs elsewhere is not played with, if so: nobody restores what its tools change there. */
export function remoteFault({ name, own }: ServerDefinition, tools: readonly Tool[]): string | undefined {
  if (own?.reach.kind !== 'http' || ownServerChoice().isReal) return undefined;
  if (own.source.isOfClient !== true && isOnThisMachine(own.reach.url)) return undefined;
  const writing = tools.filter(({ annotations }) => annotations?.['readOnlyHint'] !== true).map((tool) => tool.name);
  if (writing.length === 0) return undefined;
  const rest = writing.length > MOST_NAMED ? `, and ${writing.length - MOST_NAMED} more` : '';
  return (
    `Server ${name} runs elsewhere, and nothing restores what is changed there. These of its tools do not say that they only ` +
    `read: ${writing.slice(0, MOST_NAMED).join(', ')}${rest}. Play with it as it is by --real, or name them in leftOutTools.`
  );
}
