import { constantFrom, array, oneof, string, type Arbitrary } from 'fast-check';

const edges = [
  ' ', '  ', '\n', '\r\n', '\r', '\t', '\u0085', '\u00a0', '\ufeff', '\u2028', '\u3000', '\u0000', '\u001b', "'s", "'LL",
  "'\u017f", '\u212a', 'e\u0301', '\u00e9', '\u0301', '\u1e9b\u0323', 'a', 'Bc', '1', '²', '٣', '日本', '한', '👩‍👧', '🇩🇪', '\ud83d', '\udc4d',
  '<', '|', '<|im_start|>', '<|im_end|>', '<tool_call>', '</tool_response>', '<think>', '</think>', '<|im_', '_end|>', '{"a": 1}',
  '", "', '/world/x.txt', '.', '...', '"', '\\n',
]; // prettier-ignore

/** Text of pieces at which tokenizers disagree, mixed with arbitrary Unicode. */
export const edgeText: Arbitrary<string> = array(
  oneof(
    { weight: 4, arbitrary: constantFrom(...edges) },
    { weight: 1, arbitrary: string({ unit: 'binary', maxLength: 8 }) },
  ),
  { maxLength: 24 },
).map((parts) => parts.join(''));
