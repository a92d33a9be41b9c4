import { expect, test } from 'vitest';
import { trueLabels } from '../../meta-evaluation/defects/true-labels.ts';
import {
  callTurn,
  episode,
  file,
  finishTurn,
  folder,
  loadTurn,
  makeFolder,
  searchTurn,
  task,
  wholePlan,
  write,
} from './episodes.ts';

const labelsOf = (turns: Parameters<typeof episode>[0], view: string) =>
  Object.fromEntries(trueLabels(task, episode([...turns, finishTurn], { view, files: [folder, file] })));
const withoutLoads = [makeFolder, write];
const idle = Array.from({ length: 3 }, () => callTurn('filesystem', 'list_directory', { path: '.' }));

test('where all tools are there from the start no label is given of loads, and turns to load are needless', () => {
  for (const view of ['eager', 'native']) {
    expect(labelsOf(withoutLoads, view)).toMatchObject({
      'tools-loaded': 'open',
      'loads-needed': 'open',
      'turns-needed': 'met',
    });
    expect(labelsOf([...withoutLoads, ...idle], view)['turns-needed']).toBe('broken');
  }
});

test('settings of a view change no label', () => {
  const twice = [loadTurn('filesystem', 'write_file'), ...wholePlan];
  const whole = [loadTurn('filesystem', 'create_directory', 'write_file', 'read_file'), ...withoutLoads];
  for (const turns of [wholePlan, twice, whole, withoutLoads, [...wholePlan, ...idle]])
    for (const view of ['tool', 'server']) expect(labelsOf(turns, `${view}?page=20`)).toEqual(labelsOf(turns, view));
  expect(labelsOf(wholePlan, 'tool?page=20')).toMatchObject({ 'loads-needed': 'met', 'turns-needed': 'met' });
  expect(labelsOf(twice, 'tool?page=20')['loads-needed']).toBe('broken');
  expect(labelsOf(whole, 'server?page=20')['turns-needed']).toBe('open');
});

test('a search loads tools of several servers, and whether each was needed is left open', () => {
  const board = { server: 'dex-tasks', tools: ['add_task'] };
  const found = { server: 'filesystem', tools: ['create_directory', 'write_file'] };
  const labels = labelsOf([searchTurn(board, found), makeFolder, searchTurn(found), write], 'search');
  expect(labels).toMatchObject({ 'tools-loaded': 'met', 'loads-needed': 'open', 'turns-needed': 'met' });
  expect(labelsOf([searchTurn(board), ...withoutLoads], 'search')['tools-loaded']).toBe('broken');
  expect(labelsOf([searchTurn(found), ...withoutLoads, ...idle], 'search')['turns-needed']).toBe('broken');
});
