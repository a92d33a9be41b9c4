/** Texts that a prompt puts in straight or curly double quotes, in order, each once. */
export function quotedSpans(prompt: string): string[] {
  const spans = [...prompt.matchAll(/"([^"]+)"|“([^”]+)”/gu)].map((match) => match[1] ?? match[2] ?? '');
  return [...new Set(spans)];
}
