import { expect, test } from 'vitest';
import { measuring, type TrainedSetting } from '../../commands/shared/measuring.ts';

const usual: TrainedSetting = { suite: 'micro', view: 'tool', execution: 'calls' };

test.each([
  [{}, '--suite micro'],
  [{ tasks: 'my tasks.yaml' }, "--tasks 'my tasks.yaml' --split test"],
  [{ tasks: 'own.yaml', servers: 'mcp.json' }, '--tasks own.yaml --split test --servers mcp.json'],
  [{ view: 'search?k=3' }, "--suite micro --view 'search?k=3'"],
  [{ execution: 'programs', alias: '0.5' }, '--suite micro --execution programs --alias 0.5'],
  [
    { tools: '200?near=.5', pool: 'mcp.json', view: 'native' },
    "--suite micro --view native --tools '200?near=.5' --pool mcp.json",
  ],
] as const)('a model is measured in the setting in which it was trained: %j', (more, words) => {
  expect(measuring('out/tuned.gguf', { ...usual, ...more })).toBe(`run --policy llama:out/tuned.gguf ${words}`);
});
