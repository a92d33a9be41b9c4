/** The user's mistake: the message is a sentence that names cause and cure. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What is compared does not fit: it was given other tools. Exit code 4. */
export class Incomparable extends Error {
  override readonly name = 'Incomparable';
}

/** The world broke (server died, deadline passed, reset failed): the episode is void, not failed. */
export class WorldFailure extends Error {
  override readonly name = 'WorldFailure';
}

/**
 * An episode's own calls left what nobody can read back (names that are no text, far too much of it, closed folders): the
 * episode is truncated, cause `damage`, and has reached nothing.
 */
export class WorldDamage extends Error {
  override readonly name = 'WorldDamage';
}

/** A task cannot be decided (a check that cannot be evaluated): the episode is void, culprit task. */
export class TaskFailure extends Error {
  override readonly name = 'TaskFailure';
}

/** A policy's machinery broke (endpoint down, reply unusable): the episode is void, culprit policy. */
export class PolicyFailure extends Error {
  override readonly name = 'PolicyFailure';
}

/** Thrown by a policy that stops without `finish`: the episode is no failure and earns what its end state earns. */
export class EpisodeLeft extends Error {
  override readonly name = 'EpisodeLeft';
}

/** The model's own endpoint says that the prompt exceeds its context: the episode is truncated, cause `endpoint-context`. */
export class EndpointContextExceeded extends Error {
  override readonly name = 'EndpointContextExceeded';
}

/** The model or a filter of its endpoint refuses to go on: the episode is truncated, cause `refusal`. */
export class EndpointRefusal extends Error {
  override readonly name = 'EndpointRefusal';
}

/** Thrown out of a run that a signal stopped; its folder can be gone on with. Exit code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Message of anything thrown, with its cause's message where that adds something. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : '';
  return error.message + cause;
}
