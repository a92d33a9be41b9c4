import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** What a proxy does to the first call of a real tool in a session, by the name of the deployment that the client asks for. */
type Fault = (from: IncomingMessage, body: Buffer, to: ServerResponse, forward: () => void) => void;

const post = (url: string, from: IncomingMessage, body: Buffer, use: (reply: IncomingMessage) => void) => {
  const sent = request(url + from.url, { method: from.method, headers: from.headers, agent: false }, use);
  sent.on('error', () => undefined);
  sent.end(body);
  return sent;
};

const faultsOf = (url: string): Readonly<Record<string, Fault>> => ({
  'cut-before': (from, body, to) => {
    const sent = post(url, from, body, () => undefined);
    setTimeout(() => {
      sent.destroy();
      to.destroy();
    }, 100);
  },
  'cut-after-id': (from, body, to) => {
    const sent = post(url, from, body, (reply) => {
      to.writeHead(200, reply.headers);
      reply.once('data', (chunk: Buffer) => {
        to.write(chunk, () => {
          sent.destroy();
          to.destroy();
        });
      });
      reply.on('error', () => undefined);
    });
  },
  /** The answer comes, but the client hears nothing after the id and asks again after 30 s. */
  'silent-after-id': (from, body, to) => {
    post(url, from, body, (reply) => {
      to.writeHead(200, reply.headers);
      reply.once('data', (chunk: Buffer) => to.write(chunk));
      reply.resume();
    });
  },
  busy: (_, __, to) => void to.writeHead(503, { 'retry-after': '1' }).end('{"detail":"busy"}'),
  failing: (_, __, to) => void to.writeHead(500).end('{"detail":"broken"}'),
});

/** A proxy before a server that commits each fault once, and counts calls. Gone after the test. */
export async function cuttingProxy(
  url: string,
): Promise<{ readonly url: string; readonly requests: (kind: string) => number }> {
  const faults = faultsOf(url);
  const done = new Set<string>();
  const calls: string[] = [];
  const server = createServer((from, to) => {
    const chunks: Buffer[] = [];
    from.on('data', (chunk: Buffer) => chunks.push(chunk));
    from.on('end', () => {
      const body = Buffer.concat(chunks);
      const kind = String(from.headers['x-deployment']);
      if (from.url === '/call') calls.push(kind);
      const isTarget =
        from.url === '/call' && body.toString().includes('"create_entities"') && body.includes('call_tool');
      const forward = () =>
        void post(url, from, body, (reply) => {
          to.writeHead(reply.statusCode ?? 500, reply.headers);
          reply.pipe(to);
        });
      const fault = isTarget && !done.has(kind) ? faults[kind] : undefined;
      if (!fault) return forward();
      done.add(kind);
      fault(from, body, to, forward);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: (kind) => calls.filter((one) => one === kind).length,
  };
}
