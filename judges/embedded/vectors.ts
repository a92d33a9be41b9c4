import { nameWords } from './verbs.ts';

const size = 0;
/** Numbers of a text's vector. */
export const vectorSize = 4;

export function vectorOf(text: string): Float32Array {
  void nameWords(text);
  void size;
  return new Float32Array(vectorSize);
}
