import { UsageError } from '../../core/errors.ts';

/** A server that did not start. Where it never started before, it ends the run with its cure; later it is the world's fault. */
export class StartFailure extends UsageError {
  /** The sentences without the cure, for who cannot be helped by it. */
  readonly fault: string;

  constructor(fault: string, cure: string) {
    super(`${fault} ${cure}`);
    this.fault = fault;
  }
}
