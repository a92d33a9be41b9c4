import { join } from 'node:path';
import { qwen3Counter } from '../../../core/tokens/counter.ts';
import { compareCosts, incomparable, readCost } from '../../../reports/context/against.ts';
import { type ContextCost, countServers } from '../../../reports/context/cost.ts';
import { findingsOf } from '../../../reports/context/findings.ts';
import { contextMarkdown, contextText } from '../../../reports/context/output.ts';
import type { Reader } from '../reader.ts';

const tools = ['find', 'keep'].map((name) => ({
  server: 'notes',
  name,
  description: `To ${name} a note.`,
  inputSchema: { type: 'object', properties: { text: { type: 'string' } } },
}));
const cost: ContextCost = {
  version: 1,
  ...countServers([{ name: 'notes', package: 'notes', tools }], {
    counter: qwen3Counter,
    form: 'openai',
    names: 'tool',
  }),
  views: [{ view: 'eager', prompt: 90, schemas: 60 }],
  findings: findingsOf(tools, { alike: 0.5, wordsOf: (text) => text.split(' '), remarks: [] }),
  notStarted: [{ server: 'other', why: 'It has no database.' }],
};

/** What `toolstone context --json` wrote, held against a cost of today. */
export default {
  share: 20,
  inputs: [{ 'before.json': { form: 'json', text: JSON.stringify(cost) } }],
  read: (_, folder) => {
    const before = readCost(join(folder, 'before.json'));
    if (incomparable(before, cost) !== undefined) return;
    const report = { ...cost, against: compareCosts(before, cost) };
    contextText(report);
    contextMarkdown(report);
  },
} satisfies Reader;
