import { makeLedger } from '../../core/tokens/ledger.ts';
import type { TokenCounter } from '../../core/tokens/counter.ts';
import type { Toolspace, World } from '../../core/types.ts';
import { viewNamed, viewNames } from '../../envs/view-list.ts';
import type { ViewCost } from '../../reports/context/cost.ts';
import { sum } from '../../reports/context/cost.ts';

/** What each view's prompt holds before the first turn, as an episode's ledger counts it, its task left empty. */
export async function firstPrompts(toolspace: Toolspace, counter: TokenCounter): Promise<ViewCost[]> {
  const costs: ViewCost[] = [];
  for (const name of viewNames()) {
    const openView = await viewNamed(name);
    const costOf = (view: string, toolNamesUpFront: boolean): ViewCost => {
      const { system, metaTools, schemas } = openView(worldless(toolspace), { toolNamesUpFront });
      const ledger = makeLedger({
        system,
        metaTools,
        schemas,
        prompt: '',
        contextTokens: Infinity,
        resultTokens: Infinity,
        counter,
      });
      return { view, prompt: ledger.nextPromptTokens(), schemas: sum(schemas.map(({ text }) => counter.count(text))) };
    };
    const plain = costOf(name, false);
    const named = costOf(`${name}, tool names up front`, true);
    costs.push(plain, ...(named.prompt === plain.prompt ? [] : [named]));
  }
  return costs;
}

const nothing = () => Promise.reject(new Error('this world has no servers'));

/** Views read a world's tools when they are opened; nothing is called here. */
function worldless(toolspace: Toolspace): World {
  return { toolspace, root: '/world', startHash: '', call: nothing, evidence: nothing, inspect: nothing };
}
