import type { OpenView, Toolspace, View, World } from '../../core/types.ts';

const noTools: Toolspace = { servers: [], tools: [] };
const nowhere = async () => Promise.reject(new Error('no world stands behind this view'));

/**
 * A view over tools that no world stands behind, for what it offers: over none, what it offers whatever the tools, and whether it
 * has functions of the tools instead.
 */
export function openedOver(openView: OpenView, toolspace: Toolspace = noTools): View {
  const world: World = { toolspace, root: '', startHash: '', call: nowhere, evidence: nowhere, inspect: nowhere };
  const view = openView(world, { toolNamesUpFront: false });
  view.close?.();
  return view;
}
