import type { WireChoice, WiredModel } from './wire-types.ts';

/** By name. */
type Models = Readonly<Record<string, WiredModel>>;

let chosen: WireChoice | undefined;
let recorded: Models = {};
let asked: Models = {};

/** Sets what the user chose, for this thread; `models` are those of the recording that is to answer. */
export function chooseWire(choice: WireChoice | undefined, models: Models = {}): void {
  chosen = choice;
  recorded = models;
  asked = {};
}

/** What the user chose, for another thread to choose. */
export const chosenWire = (): WireChoice | undefined => chosen;

/** What the recording that answers says of a model. */
export const recordedModel = (name: string): WiredModel | undefined => recorded[name];

/** A model was opened since the choice. */
export function noteModel(name: string, model: WiredModel): void {
  asked = { ...asked, [name]: model };
}

/** The models that were opened since the choice. */
export const notedModels = (): Models => asked;
