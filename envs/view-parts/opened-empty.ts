import type { OpenView, View, World } from '../../core/types.ts';

const nowhere = async () => Promise.reject(new Error('no world stands behind this view'));

const emptyWorld: World = {
  toolspace: { servers: [], tools: [] },
  root: '',
  startHash: '',
  call: nowhere,
  evidence: nowhere,
  inspect: nowhere,
};

/** A view over no tools at all, for what it is whatever the tools: its meta-tools, and whether it has functions of the tools instead. */
export const openedEmpty = (openView: OpenView): View => openView(emptyWorld, { toolNamesUpFront: false });
