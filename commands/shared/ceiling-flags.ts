import { Option } from '@commander-js/extra-typings';
import type { EndpointCeilings } from '../../core/models/open.ts';
import { decimal, wholeNumber } from './flag-values.ts';

/* What a model may cost, of each command that asks policies which are models. */

export const requestsPerMinuteOption = () =>
  new Option('--requests-per-minute <n>', 'rate ceiling of a model endpoint, for each policy').argParser(wholeNumber);

export const totalTokensOption = () =>
  new Option(
    '--total-tokens <n>',
    'ceiling of a model: prompt and output tokens of the whole run, for each policy; no call is made that might go beyond, and what is not played then waits for a higher one',
  ).argParser(wholeNumber);

export const totalMoneyOption = () =>
  new Option('--total-money <amount>', 'the same in money, by the prices').argParser(decimal);

export const totalSecondsOption = () =>
  new Option('--total-seconds <n>', 'the same in seconds, from the opening of the model').argParser(wholeNumber);

export const pricesOption = () =>
  new Option('--prices <file>', 'JSON with prices of models (docs/own-tasks.md); by default a few of OpenAI');

export interface CeilingFlags {
  readonly requestsPerMinute?: number | undefined;
  readonly totalTokens?: number | undefined;
  readonly totalMoney?: number | undefined;
  readonly totalSeconds?: number | undefined;
  readonly replyDeadline?: number | undefined;
}

/** As models take them. */
export const ceilingsOf = (flags: CeilingFlags): EndpointCeilings => ({
  ...(flags.requestsPerMinute ? { requestsPerMinute: flags.requestsPerMinute } : {}),
  totalTokens: flags.totalTokens,
  totalMoney: flags.totalMoney,
  totalSeconds: flags.totalSeconds,
  ...(flags.replyDeadline ? { timeoutMilliseconds: flags.replyDeadline * 1000 } : {}),
});
