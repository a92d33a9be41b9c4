import type { RandomStream } from '../../../core/seeds.ts';
import type { Environment } from './environment.ts';

export type CartState = readonly [position: number, speed: number, angle: number, turn: number];

const gravity = 9.8;
const poleMass = 0.1;
const totalMass = 1 + poleMass;
/** Half the pole's length. */
const length = 0.5;
const force = 10;
const seconds = 0.02;

/** CartPole-v1 (Barto, Sutton & Anderson 1983, as Gymnasium integrates it); a limit of 500 steps is the caller's. */
export const cartPole: Environment<CartState> = {
  inputs: 4,
  actions: 2,
  start: (stream: RandomStream) => {
    const draw = () => (stream.uniform() - 0.5) / 10;
    return [draw(), draw(), draw(), draw()];
  },
  features: (state) => new Float32Array(state),
  step: ([position, speed, angle, turn], action) => {
    const push = action === 1 ? force : -force;
    const [sine, cosine] = [Math.sin(angle), Math.cos(angle)];
    const common = (push + poleMass * length * turn ** 2 * sine) / totalMass;
    const turning = (gravity * sine - cosine * common) / (length * (4 / 3 - (poleMass * cosine ** 2) / totalMass));
    const gaining = common - (poleMass * length * turning * cosine) / totalMass;
    const next: CartState = [
      position + seconds * speed,
      speed + seconds * gaining,
      angle + seconds * turn,
      turn + seconds * turning,
    ];
    return { next, reward: 1, terminated: Math.abs(next[0]) > 2.4 || Math.abs(next[2]) > (12 * Math.PI) / 180 };
  },
};
