import { readFileSync, writeFileSync } from 'node:fs';

/**
 * A small MCP server with chosen faults: `stub-server '{"tools":2}'`. It speaks bare JSON-RPC, so that it can do what
 * the SDK's server would not.
 */
interface Faults {
  readonly tools?: number;
  readonly invalidSchema?: boolean;
  readonly ignoreSigterm?: boolean;
  readonly noise?: boolean;
  readonly failAtStart?: boolean;
  /** A file that counts its starts, and the numbers of those that fail. */
  readonly counter?: string;
  readonly failing?: readonly number[];
  readonly asksForRoots?: boolean;
  /** Never answers this method. */
  readonly deafTo?: string;
  /** Ends by itself once it has answered so many calls. */
  readonly diesAfter?: number;
  /** Answers `echo` with these lines, `ID` in them being the call's. */
  readonly answers?: readonly string[];
  /** Speaks the revision without sessions alone; lists a further tool after its first call, and tells those who listen. */
  readonly isStateless?: boolean;
}

const faults = JSON.parse(process.argv[2] ?? '{}') as Faults;

function countStart(counter: string): number {
  const starts = Number(readFileSync(counter, 'utf8')) + 1;
  writeFileSync(counter, String(starts));
  return starts;
}

if (faults.failAtStart || (faults.counter && faults.failing?.includes(countStart(faults.counter)))) {
  process.stderr.write('the stub has no database\n');
  process.exit(3);
}
if (faults.ignoreSigterm) {
  process.on('SIGTERM', () => undefined);
  setInterval(() => undefined, 1000);
}

const send = (message: object) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const schema = { type: 'object', properties: {} };
const tools = Array.from({ length: faults.tools ?? 2 }, (_, index) => ({
  name: ['echo', 'hang', 'die', 'flood'][index] ?? `tool-${index}`,
  description: 'stub',
  inputSchema: faults.invalidSchema && index === 1 ? { properties: {} } : schema,
}));

function answer(
  id: unknown,
  method: string,
  params: { name?: string; protocolVersion?: string; arguments?: Flood },
): void {
  if (method === faults.deafTo) return;
  if (faults.isStateless && answerStateless(id, method)) return;
  if (method === 'initialize') {
    const { protocolVersion } = params;
    send({ id, result: { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'stub', version: '1' } } });
  }
  if (method === 'tools/list') {
    if (faults.noise) process.stdout.write('Listing tools now!\n{"not json\n');
    if (faults.asksForRoots) send({ id: 'roots', method: 'roots/list' });
    else send({ id, result: { tools } });
    listId = id;
  }
  if (method !== 'tools/call') return;
  if (params.name === 'die') process.exit(1);
  if (faults.diesAfter !== undefined && ++answered === faults.diesAfter)
    setImmediate(() => process.stderr.write('the stub has had enough\n', () => process.exit(4)));
  if (params.name === 'flood') flood(id, params.arguments ?? {});
  else if (faults.answers)
    for (const line of faults.answers) process.stdout.write(`${line.replace('ID', String(id))}\n`);
  else if (params.name === 'echo') send({ id, result: { content: [{ type: 'text', text: JSON.stringify(params) }] } });
}

let listeners = 0;

function answerStateless(id: unknown, method: string): boolean {
  if (method === 'initialize') send({ id, error: { code: -32_601, message: 'Method not found' } });
  else if (method === 'server/discover') {
    const capabilities = { tools: { listChanged: true } };
    send({ id, result: { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities } });
  } else if (method === 'subscriptions/listen') {
    listeners++;
    send({ method: 'notifications/subscriptions/acknowledged', params: { notifications: { toolsListChanged: true } } });
  } else {
    if (method === 'tools/call' && tools.length === 2) {
      tools.push({ name: 'fresh', description: 'stub', inputSchema: schema });
      if (listeners > 0) send({ method: 'notifications/tools/list_changed' });
    }
    return false;
  }
  return true;
}

interface Flood {
  readonly mebibytes?: number;
  readonly idLast?: boolean;
}

/** One line of many mebibytes, its id before the result or after it. */
function flood(id: unknown, { mebibytes = 1, idLast = false }: Flood): void {
  const mebibyte = 'x'.repeat(2 ** 20);
  const idText = JSON.stringify(id);
  const ends = idLast ? ['{', `,"jsonrpc":"2.0","id":${idText}}\n`] : [`{"jsonrpc":"2.0","id":${idText},`, '}\n'];
  process.stdout.write(`${ends[0]}"result":{"content":[{"type":"text","text":"`);
  for (let written = 0; written < mebibytes; written++) process.stdout.write(mebibyte);
  process.stdout.write(`"}]}${ends[1]}`);
}

let answered = 0;
let listId: unknown;
let rest = '';
process.stdin.setEncoding('utf8').on('data', (chunk: string) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) {
    const { id, method, params, error } = JSON.parse(line);
    if (id === 'roots' && error) send({ id: listId, result: { tools } });
    else if (method) answer(id, method, params ?? {});
  }
});
process.stdin.on('end', () => (faults.ignoreSigterm ? undefined : process.exit(0)));
