import type { WireChoice } from './wire-types.ts';

let chosen: WireChoice | undefined;

/** Sets what the user chose, for this thread. */
export function chooseWire(choice: WireChoice | undefined): void {
  chosen = choice;
}

/** What the user chose, for another thread to choose. */
export const chosenWire = (): WireChoice | undefined => chosen;
