/* JSON-RPC messages in the lines of a server's standard output, among whatever else the server prints there. */

export interface Message {
  readonly id?: unknown;
  readonly method?: unknown;
  readonly params?: unknown;
}

export interface ReadLine {
  readonly messages: readonly Message[];
  /** What else the line holds, blanks aside. */
  readonly noise: string;
}

/** How a message can begin in the middle of a line; other braces there belong to the noise. */
const BEGINNINGS = /\{\s*"(?:jsonrpc|id|result|error|method)"\s*:/g;
/** So many times the length of a line is looked at, where a message could begin at many places: a server must not keep us busy. */
const MOST_LOOKS = 4;
/** Characters at both ends that mean nothing: blanks, returns, byte order marks. */
const BLANK = /^[\s\uFEFF\0]+|[\s\uFEFF\0]+$/g;

/** A line is mostly one message; some servers send several at once, or print half a sentence first. */
export function readLine(line: string): ReadLine {
  const usual = line.startsWith('{') ? messagesOf(line) : undefined;
  if (usual) return { messages: usual, noise: '' };
  const text = line.replaceAll(BLANK, '');
  if (text === '') return { messages: [], noise: '' };
  const whole = /^[{[]/.test(text) ? messagesOf(text) : undefined;
  return whole ? { messages: whole, noise: '' } : messagesAmongNoise(text);
}

function messagesOf(text: string): readonly Message[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const all: readonly unknown[] = Array.isArray(value) ? value : [value];
  return all.every(isMessage) ? all : undefined;
}

const isMessage = (value: unknown): value is Message =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function messagesAmongNoise(text: string): ReadLine {
  const messages: Message[] = [];
  let noise = '';
  let end = 0;
  let looked = 0;
  for (const { index } of text.matchAll(BEGINNINGS)) {
    if (index < end) continue;
    if (looked > MOST_LOOKS * text.length) break;
    const close = endOfObject(text, index);
    looked += (close ?? text.length) - index;
    const found = close === undefined ? undefined : messagesOf(text.slice(index, close));
    if (close === undefined || !found) continue;
    messages.push(...found);
    noise += text.slice(end, index);
    end = close;
  }
  return { messages, noise: (noise + text.slice(end)).replaceAll(BLANK, '') };
}

/** Where the object that begins at a place ends. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  let isInText = false;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (isInText) {
      if (character === '\\') at++;
      else if (character === '"') isInText = false;
    } else if (character === '"') isInText = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at + 1;
  }
  return undefined;
}
