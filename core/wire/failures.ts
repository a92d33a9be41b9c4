import {
  EndpointContextExceeded,
  EndpointRefusal,
  messageOf,
  PolicyFailure,
  TaskFailure,
  WorldDamage,
  WorldFailure,
} from '../errors.ts';
import { NoNativeTools, UnparsedCall } from '../models/model-client.ts';
import type { Exchange, RecordedFailure } from './wire-types.ts';

/** What an episode may meet and its record tells; anything else that is thrown ends the episode, and no recording holds it. */
const kinds = [
  WorldFailure,
  WorldDamage,
  TaskFailure,
  PolicyFailure,
  EndpointContextExceeded,
  EndpointRefusal,
  NoNativeTools,
  UnparsedCall,
] as const;

/** `undefined`: the error is none that a recording holds. */
export function failureOf(error: unknown): RecordedFailure | undefined {
  const kind = kinds.find((one) => error instanceof one);
  return kind && { name: kind.name, message: messageOf(error) };
}

/** The error again: of the same class, with the same message. */
export function errorOf({ name, message }: RecordedFailure): Error {
  const Kind = kinds.find((one) => one.name === name) ?? WorldFailure;
  return new Kind(message);
}

/** A model was found to take no functions. */
export const isRefusal = (exchange: Exchange): exchange is Exchange & { readonly failure: RecordedFailure } =>
  'failure' in exchange && exchange.failure.name === NoNativeTools.name;
