import type { DistractorRequest } from './request.ts';

/** A server that may be drawn. */
export interface Candidate {
  readonly name: string;
  /** All candidates of a lower rank are drawn before. */
  readonly rank: number;
  /** Number of its tools; asked for once it is drawn, or where a share was asked for. */
  readonly tools: () => number;
  /** How many of them count towards the share that was asked for; asked for only where one was. */
  readonly counted: () => number;
}

export type DrawRequest = Pick<DistractorRequest, 'tools' | 'share' | 'seed'>;

/** `raising`: a candidate whose own share of counted tools is at least the one asked for; `lowering`: any other. */
export type CandidateKind = 'raising' | 'lowering';
