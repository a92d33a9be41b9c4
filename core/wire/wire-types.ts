import type { RecordedServer } from '../recorded-server.ts';
import type { Manifest } from '../run-types.ts';

/** What is done with a run's conversations with servers and models: they are recorded, or answered by a recording. */
export type WireMode = 'record' | 'replay' | 'strict';

export interface WireChoice {
  readonly mode: WireMode;
  /** Folder of the recording, absolute. */
  readonly folder: string;
}

/** The first line of a recording: what it was made with. Only the same can be answered by it, or go on with it. */
export interface RecordingHeader {
  readonly version: 1;
  /** `source` is the identity of the code that makes worlds and tasks; policies and judges are not in it. */
  readonly toolstone: { readonly version: string; readonly source: string };
  readonly node: string;
  readonly suite: string;
  /** By name: package and fingerprint of the tools, as the manifest of the run has them. */
  readonly servers: Readonly<Record<string, RecordedServer>>;
  /** How servers were confined; a strict replay starts none, so that its manifest says the same. */
  readonly confinement?: Manifest['confinement'];
  /** By name: the tools that each server listed, so that a strict replay needs to ask none. */
  readonly lists: Readonly<Record<string, unknown>>;
}

/** Why a request came to nothing, as the class of the error and its whole message. */
export interface RecordedFailure {
  readonly name: string;
  readonly message: string;
}

/** One request and what came of it. */
export type Exchange = {
  /** SHA-256 (hex) over the start state, the world's seed, the connection, and all its requests up to this one, in order. */
  readonly key: string;
  /** `world`, `server` and its name, or `model` and its name. */
  readonly connection: string;
} & ({ readonly answer: unknown } | { readonly failure: RecordedFailure });

/** Every further line: all exchanges of one episode. */
export interface RecordedEpisode {
  /** Key of the episode, as text. */
  readonly episode: string;
  readonly exchanges: readonly Exchange[];
}

/** How far an episode was answered by a recording. */
export interface Replayed {
  readonly episode: string;
  readonly answered: number;
  /** Requests that the recording does not hold, in words. */
  readonly missed: readonly string[];
}
