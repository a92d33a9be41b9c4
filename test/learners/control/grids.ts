import type { Model, Transition } from './model.ts';

/** Left, down, right, up, as Gymnasium numbers them for FrozenLake. */
const moves = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
] as const;

const lakes = {
  4: ['SFFF', 'FHFH', 'FFFH', 'HFFG'],
  8: ['SFFFFFFF', 'FFFFFFFF', 'FFFHFFFF', 'FFFFFHFF', 'FFFHFFFF', 'FHHFFFHF', 'FHFFHFHF', 'FFFHFFFG'],
} as const;

/** FrozenLake-v1, slippery: a move goes where it is meant to, or to either side, with probability ⅓ each. */
export function frozenLake(size: 4 | 8): Model {
  const map = lakes[size].join('');
  const moved = (state: number, action: number): number => {
    const [down, right] = moves[action] ?? [0, 0];
    const row = Math.min(size - 1, Math.max(0, Math.floor(state / size) + down));
    return row * size + Math.min(size - 1, Math.max(0, (state % size) + right));
  };
  const transitions = Array.from({ length: map.length }, (_, state) =>
    moves.map((_move, action) =>
      [action + 3, action, action + 1].map((slipped): Transition => {
        const next = moved(state, slipped % 4);
        const place = map[next];
        return { probability: 1 / 3, next, reward: place === 'G' ? 1 : 0, terminated: place === 'G' || place === 'H' };
      }),
    ),
  );
  return {
    states: map.length,
    actions: 4,
    start: 0,
    transitions: (state, action) => transitions[state]?.[action] ?? [],
  };
}

/** CliffWalking: 4 × 12, −1 a step, −100 and back to the start for a step off the cliff. */
export function cliffWalking(): Model {
  const [rows, columns] = [4, 12];
  const start = (rows - 1) * columns;
  const goal = rows * columns - 1;
  return {
    states: rows * columns,
    actions: 4,
    start,
    transitions: (state, action) => {
      const [down, right] = moves[action] ?? [0, 0];
      const row = Math.min(rows - 1, Math.max(0, Math.floor(state / columns) + down));
      const next = row * columns + Math.min(columns - 1, Math.max(0, (state % columns) + right));
      const isCliff = next > start && next < goal;
      return isCliff
        ? [{ probability: 1, next: start, reward: -100, terminated: false }]
        : [{ probability: 1, next, reward: -1, terminated: next === goal }];
    },
  };
}
