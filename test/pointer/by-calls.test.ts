import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { oracle } from '../../baselines/policies/oracle.ts';
import makePointer from '../../baselines/pointer/pointer.ts';
import type { PointerSession } from '../../baselines/pointer/session.ts';
import { viewNamed, viewNames } from '../../envs/view-list.ts';
import { tinyEpisode } from './tiny-toolspace.ts';

const hashOf = (text: string | Float32Array): string =>
  createHash('sha256')
    .update(typeof text === 'string' ? text : new Uint8Array(text.buffer, text.byteOffset, text.byteLength))
    .digest('hex')
    .slice(0, 16);

const asks = [
  'Create a folder named “inbox”, then put the text “hello to all” into the new file “inbox/first.txt”.',
  'Read the file “door.txt”, then write the value of “color of the door” into the file “copy.txt”.',
  'Weigh 3 items, and answer with the size of the door in “door.txt”.',
];
const teacher = oracle(() => ({
  plan: [
    { server: 'files', tool: 'read_file', arguments: { path: 'door.txt' }, after: [] },
    { server: 'files', tool: 'write_file', arguments: { path: 'copy.txt', content: 'green' }, after: [0] },
  ],
  answer: '',
  references: [{ call: 1, argument: ['content'], from: 0, at: [], before: '', pattern: '^color of the door: (.*)$' }],
}));

/** Reported numbers hang on these: whatever is added for programs may change none of them. */
test('who calls tools one by one begins with the weights, and makes the choices, that it always made', async () => {
  const { trainable, greedy } = makePointer(1);
  expect(hashOf(trainable.parameters.signature)).toBe('9e629ab028b6dc0b');
  expect(hashOf(trainable.parameters.values)).toBe('ec7a1a024bce4e12');
  const said: unknown[] = [];
  for (const name of viewNames())
    for (const ask of asks)
      for (const policy of [trainable.policy, greedy, trainable.imitate(teacher)]) {
        const { actions, decisions, session } = await tinyEpisode(policy, await viewNamed(name), ask, 3);
        const choices = (session as PointerSession).choices.map(({ question, chosen }) => [
          question.head,
          [...question.scalars],
          chosen,
        ]);
        said.push([name, actions, decisions.map(({ logProbability }) => logProbability), choices]);
      }
  expect(hashOf(JSON.stringify(said))).toBe('db61a0c141126bf3');
});
