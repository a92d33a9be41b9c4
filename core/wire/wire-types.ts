import type { RecordedServer } from '../recorded-server.ts';
import type { Manifest } from '../run-types.ts';

/** What is done with a command's conversations with servers and models: they are recorded, or answered by a recording. */
export type WireMode = 'record' | 'replay' | 'strict';

export interface WireChoice {
  readonly mode: WireMode;
  /** Folder of the recording, absolute. */
  readonly folder: string;
}

/** What a recording says of a server. */
export interface WiredServer extends RecordedServer {
  /** Identity of our module that starts the server and reads its state; absent for users' own servers. */
  readonly code?: string;
}

/** What a recording says of a model, by the name that policy or judge has. */
export interface WiredModel {
  /** Where it answered; absent in this process. A replay may be told another address. */
  readonly endpoint?: string;
  /** What tells it from another of its name, as its endpoint says; unknown to a replay until it asks. */
  readonly build?: string;
}

/**
 * The first line of a recording: what it was made with. Suite, servers and models are held against what it is to answer; the rest is told.
 */
export interface RecordingHeader {
  readonly version: 1;
  /** What a line holds: an episode, or a question that belongs to none, as judges and writers of rubrics ask. */
  readonly kind: RecordingKind;
  /** `source` is the identity of all code that makes worlds and tasks; where that asks otherwise today, nothing is found. */
  readonly toolstone: { readonly version: string; readonly source: string };
  readonly node: string;
  readonly suite: string;
  /** By name. */
  readonly servers: Readonly<Record<string, WiredServer>>;
  /** By name. */
  readonly models: Readonly<Record<string, WiredModel>>;
  /** How servers were confined; a strict replay starts none, so that its manifest says the same. */
  readonly confinement?: Manifest['confinement'];
  /** By name: the tools that each server listed, so that a strict replay needs to ask none. */
  readonly lists: Readonly<Record<string, unknown>>;
}

export type RecordingKind = 'episodes' | 'questions';

/** Why a request came to nothing, as the class of the error and its whole message. */
export interface RecordedFailure {
  readonly name: string;
  readonly message: string;
}

/** One request and what came of it. */
export type Exchange = {
  /**
   * SHA-256 (hex): of an episode's over the start state, the world's seed, the connection, and all its requests up to this one, in order;
   * of a question over the connection and its words.
   */
  readonly key: string;
  /** `world`, `server` and its name, or `model` and its name. */
  readonly connection: string;
} & ({ readonly answer: unknown } | { readonly failure: RecordedFailure });

/** Every further line: all exchanges of one episode, or the one of a question. */
export interface RecordedEpisode {
  /** Key of the episode as text, or that of the question. */
  readonly episode: string;
  readonly exchanges: readonly Exchange[];
}

/** How far an episode, or all questions of a command, were answered by a recording. */
export interface Replayed {
  readonly episode: string;
  readonly answered: number;
  /** Requests that the recording does not hold, in words. */
  readonly missed: readonly string[];
}
