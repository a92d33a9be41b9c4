import { pythonCallAt } from './python-literal.ts';
import type { FoundCall, Functions } from './text-call.ts';
import { pythonArguments } from './typed-arguments.ts';

/** A call after the other; none where anything else stands between. */
export function callsBetween(text: string, from: number, to: number, functions: Functions): FoundCall[] {
  const calls: FoundCall[] = [];
  const gap = /(?:[\s,;[\]]|print\(|(?:[A-Za-z_]\w*\s*=\s*)(?=[A-Za-z_][\w.]*\()|\)(?=\s*(?:$|\n)))*/y;
  for (let at = from; ;) {
    gap.lastIndex = at;
    at += gap.exec(text)?.[0].length ?? 0;
    if (at >= to) return calls;
    const call = pythonCallAt(text, at);
    const args = call && call.end <= to ? pythonArguments(call, functions) : null;
    if (!call || !args) return [];
    calls.push({ start: at, end: call.end, action: { name: call.name, arguments: args } });
    at = call.end;
  }
}
