import type { DistractorRequest } from './request.ts';

/** What the user asked for in this thread, and the file of servers that distractors are drawn from, if any. */
export interface DistractorChoice extends DistractorRequest {
  readonly pool?: string;
}

let chosen: DistractorChoice | undefined;

export const chooseDistractors = (choice: DistractorChoice | undefined): void => void (chosen = choice);

/** Undefined: none are added. */
export const chosenDistractors = (): DistractorChoice | undefined => chosen;
