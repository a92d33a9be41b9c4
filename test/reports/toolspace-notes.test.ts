import { expect, test } from 'vitest';
import type { DistractedSet } from '../../core/distractor-types.ts';
import { toolspaceNotes } from '../../core/record/toolspace-notes.ts';
import type { Manifest } from '../../core/run-types.ts';

const set: DistractedSet = {
  own: ['files'],
  servers: ['gitlab', 'files', 'ebay'],
  tools: 2_100,
  listedTools: 1_554,
  nearTools: 40,
  clashWithOwn: 13,
  clashingTools: 21,
};
const server = { package: 'p@1', tools: 30, schemaHash: '' };
const notes = (sets: readonly DistractedSet[]) => toolspaceNotes({ distractors: { asked: '2000', sets }, servers: {} });
const tail = (need: string, own: string) =>
  `played among 2,100 tools of 3 servers, 2 of which ${need} not need; 40 are of servers like ${own}, 13 have the name of one of ${own} tools, and 1.0 % have a name that another ` +
  'server has, too; 1,554 of 2,100 tools are of listed servers: a call to them is answered as by an unreachable server.';

test.each<readonly [string, Pick<Manifest, 'distractors' | 'servers'>, readonly string[]]>([
  ['nothing where all servers are needed and run', { servers: { files: server } }, []],
  [
    'of listed servers that tasks name themselves',
    { servers: { files: server, gitlab: { ...server, tools: 201, listed: true } } },
    ['201 of 231 tools are of listed servers: a call to them is answered as by an unreachable server.'],
  ],
])('a report tells %s', (_, manifest, expected) => expect(toolspaceNotes(manifest)).toEqual(expected));

test('a report says none, and of a run of an older version nothing that nobody counted', () => {
  const none = { ...set, nearTools: 0, clashWithOwn: 0, clashingTools: 0, listedTools: 0 };
  const played = 'Every task is played among 2,100 tools of 3 servers, 2 of which it does not need; ';
  const others = 'and none have a name that another server has, too';
  expect(notes([none])).toEqual([
    `${played}none are of servers like its own, none have the name of one of its own tools, ${others}.`,
  ]);
  const { clashWithOwn, ...older } = none;
  expect(clashWithOwn).toBe(0);
  expect(notes([older])).toEqual([`${played}none are of servers like its own, ${others}.`]);
  expect(notes([none, none, none, none])).toEqual([
    'Tasks are played among 2,100 to 2,100 tools, in 4 toolspaces that manifest.json names; none have a name that another server has, too.',
  ]);
});

test('a report tells of each toolspace, and of many in one sentence', () => {
  expect(notes([set])).toEqual([`Every task is ${tail('it does', 'its own')}`]);
  expect(notes([set, { ...set, own: ['b'] }])).toEqual([
    `Tasks on files are ${tail('they do', 'their own')}`,
    `Tasks on b are ${tail('they do', 'their own')}`,
  ]);
  expect(notes(Array.from({ length: 4 }, (__, index) => ({ ...set, tools: 2_100 + index })))).toEqual([
    'Tasks are played among 2,100 to 2,103 tools, in 4 toolspaces that manifest.json names; at most 1.0 % have a name that another ' +
      'server has, too; up to 1,554 of 2,100 tools are of listed servers: a call to them is answered as by an unreachable server.',
  ]);
});
