import type { Aliasing } from '../../core/alias-types.ts';

let chosen: Aliasing | undefined;

/** What the user asked for in this thread. */
export const chooseAliasing = (choice: Aliasing | undefined): void => void (chosen = choice);

/** Undefined: everything goes by its own name. */
export const chosenAliasing = (): Aliasing | undefined => chosen;
