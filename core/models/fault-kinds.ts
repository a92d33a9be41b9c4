/**
 * What an endpoint's error says of whom. `context`: the prompt is longer than it takes; `filter`: a content filter refused;
 * `unparsed-call`: it could not read the call that its own model wrote; `output-bound`: the reply was spent before it held a
 * word; `no-tools`: this model takes no tools; `no-media`: it takes no images or no sound; `key`, `credit`, `other`.
 */
export type FaultKind =
  'context' | 'filter' | 'unparsed-call' | 'output-bound' | 'no-tools' | 'no-media' | 'key' | 'credit' | 'other';

/** The kind of an error, by its status and all that its body says, codes too. */
export function faultKind(status: number, words: string): FaultKind {
  const says = (patterns: readonly RegExp[]) => patterns.some((pattern) => pattern.test(words));
  if (says(outputBound)) return 'output-bound';
  if (status !== 429 && says(unparsedCall) && !says(ofHistory)) return 'unparsed-call';
  if (says(noMedia)) return 'no-media';
  if (says(noTools)) return 'no-tools';
  if (status !== 429 && status !== 401 && !says(rates) && (status === 413 || says(context))) return 'context';
  if (status !== 429 && status !== 401 && says(filter)) return 'filter';
  if (status === 402 || says(credit)) return 'credit';
  return status === 401 || status === 403 || says(key) ? 'key' : 'other';
}

const key = [/invalid[_ ]api[_ ]key|api[_ ]key (is )?(not valid|invalid|missing)|incorrect api key/i];

/** As servers other than ours write them; what is between is at most a clause long. */
const context: readonly RegExp[] = [
  /context_length_exceeded|exceed_context_size|context_window_exceeded|ContextWindowExceeded|prompt_too_long|input_too_long/i,
  /\b(maximum|max|model(['’]s)?) (allowed )?(context|prompt|model|input|sequence)[ -](length|window|size)/i,
  /(exceed|overflow|beyond|(larg|long|great)er than|too (long|large|big|many)|not enough)[^.\n]{0,80}\bcontext\b/i,
  /\bcontext\b[^.\n]{0,80}(exceed|overflow|too (small|long|large)|not enough|is full)/i,
  /\b(prompt|inputs?|request|conversation|messages?|text)\b[^.\n]{0,60}\btoo (long|large|big)\b/i,
  /\b(inputs?|prompt|tokens?|request)\b[^.\n]{0,60}\bexceed(s|ed)?\b[^.\n]{0,40}\b(max(imum)?|limit|allowed)\b/i,
  /\btoo many (input |prompt )?tokens\b/i,
  /\breduce (the |your )?(length|size|number)[^.\n]{0,40}\b(messages?|prompt|input|tokens)\b/i,
  /`inputs`[^.\n]{0,60}(<=|less than)/,
  /range of input length/i,
];

/** Limits of a time are no limits of the context. */
const rates = [/\bper[ -](minute|day|hour|second)\b|rate.?limit|\b[TR]P[MD]\b|too many requests/i];

const filter: readonly RegExp[] = [
  /content[ _-]?(filter|policy|management|moderation)|ResponsibleAIPolicyViolation/i,
  /data_?inspection_?failed|content exists risk|prohibited_?content|invalid_prompt\b/i,
  /\b(flagged|blocked)\b[^.\n]{0,60}\b(content|safety|moderation|policy|policies|filter|harmful|violat\w*)/i,
  /\b(content|safety|moderation|policy|filter)\b[^.\n]{0,60}\b(flagged|blocked)\b/i,
  /\b(inappropriate|sensitive|unsafe|harmful)\b[^.\n]{0,30}\b(content|words?|input|prompt)\b/i,
  /(violat\w*|against)[^.\n]{0,60}\b(usage|safety|content)? ?polic(y|ies)\b/i,
];

const unparsedCall: readonly RegExp[] = [
  /tool_use_failed|failed_generation|malformed_?function_?call|tool_call_(parse|validation)_?(error|failed)?/i,
  /(fail|unable|could not|cannot|error)[^.\n]{0,40}\b(pars|decod|generat|extract)\w*[^.\n]{0,40}\b(tool|function)[ _-]?(calls?|use|arguments?)/i,
  /\berror parsing tool call|tool call validation failed|model produced invalid|invalid (tool|function) call generated/i,
  // Ollama of the XML of Qwen3-Coder, llama.cpp of any grammar, vLLM of gpt-oss.
  /XML syntax error on line|failed to parse input at pos|failed to parse JSON: unexpected|unexpected tokens remaining in message header/i,
  /harmony parser|no reverse mapping found for function/i,
];

/** Of the messages that we sent, not of what the model wrote. */
const ofHistory = [/\bmessages?(\[\d+\]|\.\d+)|tool_call_id/i];

const outputBound = [/could not finish the message because|model output limit was reached/i];

const noTools: readonly RegExp[] = [
  /does(n['’]t| not) support (tools?\b|tool|function)/i,
  /\b(tools?|functions?)( use| calling| calls?| choice)? (is|are) not (supported|enabled)/i,
  // Templates that know no role `tool`; without native tools the roles alternate.
  /roles must alternate|only user and assistant roles|(unexpected|unknown|unsupported) role:? ['"`]?tool|role ['"`]?tool['"`]? is not/i,
  /enable-auto-tool-choice|requires --jinja|no endpoints found that support tool/i,
  /(unrecognized|unknown|unsupported|unexpected)[^.\n]{0,40}(argument|field|parameter|keyword)[^.\n]{0,20}['"`: ]tools['"`]?(\s|$|\.|,)/i,
];

const noMedia: readonly RegExp[] = [
  /(\b(not|no|cannot)|n['’]t)\b[^.\n]{0,30}\b(support\w*|accept\w*|take|handle|process)\b[^.\n]{0,30}\b(images?|image_url|input_audio|vision|audio)\b/i,
  /\b(images?|image_url|input_audio|vision|audio)( \w+)? (is|are) (not (support\w*|available|allowed|enabled)|unsupported|only supported)/i,
  /\bnot a (multi-?modal|vision)\b|missing data required for (image|audio)|unknown variant ['"`]?(image_url|input_audio)/i,
];

const credit = [
  /insufficient[_ ](quota|balance|credits?|funds)|billing_(not_active|hard_limit)|credit balance is too low|payment required/i,
];
