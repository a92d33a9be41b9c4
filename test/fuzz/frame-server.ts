import { createInterface } from 'node:readline';

/** A server that says whatever its tool `say` is given, in bytes, before it answers: what stands for an id becomes the call's. */
const tools = ['say', 'echo'].map((name) => ({ name, description: 'stub', inputSchema: { type: 'object' } }));
const info = { capabilities: { tools: { listChanged: true } }, serverInfo: { name: 'frames', version: '1' } };

interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: {
    readonly name?: string;
    readonly protocolVersion?: string;
    readonly arguments?: { readonly frames?: string; readonly text?: string };
  };
}

/** In frames, the id of the call. */
const CALL_ID = /4242424242/g;

function resultOf({ method, params = {} }: Message): object | undefined {
  if (method === 'initialize') return { protocolVersion: params.protocolVersion, ...info };
  if (method === 'tools/list') return { tools };
  if (method === 'tools/call') return { content: [{ type: 'text', text: params.arguments?.text ?? 'said' }] };
  return undefined;
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line) as Message;
  const result = message.id === undefined ? undefined : resultOf(message);
  if (!result) return;
  const { frames } = message.params?.arguments ?? {};
  if (frames !== undefined) {
    const bytes = Buffer.from(frames, 'base64').toString('latin1').replaceAll(CALL_ID, String(message.id));
    process.stdout.write(Buffer.from(`${bytes}\n`, 'latin1'));
  }
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: message.id, result })}\n`);
});
