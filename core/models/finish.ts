/** What an endpoint's word for the end of a reply means. The record keeps the word itself. */
export type FinishKind = 'stop' | 'length' | 'filter' | 'context' | 'unparsed' | 'fault';

const kinds: readonly (readonly [FinishKind, RegExp])[] = [
  ['context', /context[ _]window|context[ _]length/],
  ['length', /^(length|max[ _]?(output[ _]|new[ _])?tokens|model_length|token_limit|incomplete)$/],
  ['unparsed', /malformed_function_call|unexpected_tool_call/],
  ['filter', /content[ _]?filter|safety|recitation|prohibited|blocklist|spii|sensitive|^refusal$|guardrail/],
  ['fault', /^(error|network_error|insufficient_system_resource|abort(ed)?|cancel(l?ed)?)$/],
];

/** `stop` where it is none of the others: `tool_calls`, `eos` … */
export const finishKind = (reason: string): FinishKind =>
  kinds.find(([, pattern]) => pattern.test(reason.trim().toLowerCase()))?.[0] ?? 'stop';
