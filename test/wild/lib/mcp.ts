import { createInterface } from 'node:readline';

/* A bare MCP server over stdio, without an SDK, so that every byte can be chosen. */

export interface Request {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: {
    readonly name?: string;
    readonly arguments?: Readonly<Record<string, unknown>>;
    readonly cursor?: string;
    readonly protocolVersion?: string;
    readonly _meta?: Readonly<Record<string, unknown>>;
  };
  readonly error?: unknown;
}

export interface Ways {
  /** Sends one message. */
  readonly send: (message: object) => void;
  /** Writes as it stands. */
  readonly raw: (text: string) => void;
}

export interface Stub {
  /** What `tools/list` gives: tools, or a whole result. */
  readonly tools?: readonly object[] | (() => readonly object[]);
  readonly list?: (params: NonNullable<Request['params']>) => object;
  /** Result of `tools/call`; a thrown object is the error. */
  readonly call: (name: string, args: Readonly<Record<string, unknown>>, ways: Ways, request: Request) => unknown;
  /** More that `initialize` answers. */
  readonly info?: object;
  /** A revision without sessions, which it then speaks alone. */
  readonly speaks?: string;
  readonly encode?: (message: object) => string;
  readonly id?: (id: number | string) => unknown;
  /** Written at the start. */
  readonly first?: string;
  readonly onMessage?: (message: Request, ways: Ways) => void;
}

export const tool = (
  name: string,
  description: string,
  properties: object = {},
  required: readonly string[] = Object.keys(properties),
  more: object = {},
): object => ({ name, description, inputSchema: { type: 'object', properties, required }, ...more });

export const text = (...texts: readonly string[]): object => ({
  content: texts.map((one) => ({ type: 'text', text: one })),
});

const raw = (bytes: string) => void process.stdout.write(bytes);

export function serve(stub: Stub): void {
  const { encode = (message: object) => `${JSON.stringify(message)}\n`, id = (given) => given } = stub;
  const send = (message: object) => raw(encode({ jsonrpc: '2.0', ...message }));
  const ways: Ways = { send, raw };
  if (stub.first !== undefined) raw(stub.first);
  createInterface({ input: process.stdin }).on('line', (line) => {
    const message = JSON.parse(line) as Request;
    stub.onMessage?.(message, ways);
    if (message.method !== undefined && message.id !== undefined) void answer(message, id(message.id));
  });

  async function answer(request: Request, replyId: unknown): Promise<void> {
    const { method, params = {} } = request;
    try {
      send({ id: replyId, result: await resultOf(request, method, params) });
    } catch (error) {
      send({ id: replyId, error });
    }
  }

  function resultOf(request: Request, method: string | undefined, params: NonNullable<Request['params']>): unknown {
    if (stub.speaks !== undefined) {
      const { _meta: meta = {} } = params;
      if (meta['io.modelcontextprotocol/protocolVersion'] !== stub.speaks)
        throw { code: -32_602, message: `This server speaks ${stub.speaks} alone` }; // oxlint-disable-line typescript/only-throw-error -- as JSON-RPC says it
      if (method === 'server/discover')
        return { resultType: 'complete', supportedVersions: [stub.speaks], capabilities: { tools: {} }, ...stub.info };
    }
    if (method === 'initialize')
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: { listChanged: true } },
        serverInfo: { name: 'stub', version: '1' },
        ...stub.info,
      };
    if (method === 'ping') return {};
    if (method === 'tools/list')
      return stub.list?.(params) ?? { tools: typeof stub.tools === 'function' ? stub.tools() : stub.tools };
    if (method === 'tools/call') return stub.call(params.name ?? '', params.arguments ?? {}, ways, request);
    throw { code: -32_601, message: 'Method not found' }; // oxlint-disable-line typescript/only-throw-error -- as JSON-RPC says it
  }
}
