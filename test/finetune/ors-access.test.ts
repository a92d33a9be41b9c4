import { request } from 'node:http';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { bindingFault, withoutNulls } from '../../finetune/ors/binding.ts';
import { answerEvents } from '../../finetune/ors/sse.ts';
import { ask, eventsIn, newSid, served } from './served.ts';

/** Status of a request that gives the server another name. */
const statusAs = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const sent = request(`${url}/splits`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end();
  });

test('without a token the server answers to this machine only', async () => {
  await expect(served({ host: '0.0.0.0' })).rejects.toThrow(/Give a token for that, or serve 127.0.0.1/);
  const server = await served();
  for (const host of ['localhost', '127.0.0.1:99', '[::1]:80']) expect(await statusAs(server.url, host)).toBe(200);
  expect(await statusAs(server.url, 'rebound.example')).toBe(403);
});

test('with a token every request but that for its health needs it', async () => {
  const server = await served({ host: '0.0.0.0', token: 'open sesame' });
  expect((await ask(server, 'GET', '/health')).status).toBe(200);
  for (const headers of [{}, { 'X-API-Key': '' }, { 'X-API-Key': 'open' }, { Authorization: 'Basic open sesame' }]) {
    const reply = await ask(server, 'GET', '/splits', { headers: { ...headers } });
    expect(reply).toMatchObject({ status: 401, body: { detail: expect.stringContaining('X-API-Key') } });
  }
  for (const headers of [{ 'X-API-Key': 'open sesame' }, { Authorization: 'Bearer open sesame' }]) {
    expect((await ask(server, 'GET', '/splits', { headers: { ...headers } })).status).toBe(200);
  }
});

test('a port that is taken and an address that is not ours are told', async () => {
  const server = await served();
  const port = Number(new URL(server.url).port);
  await expect(served({ port })).rejects.toThrow(`Port ${port} of 127.0.0.1 is taken. Give another with --port`);
  await expect(served({ host: '192.0.2.1', token: 't' })).rejects.toThrow(/cannot listen on 192.0.2.1.*Give another/);
  await expect(served({ families: ['attics'] })).rejects.toThrow(/Suite smoke has no family "attics"/);
});

test('secrets that a client sends are neither told nor kept', async () => {
  const server = await served();
  const sid = await newSid(server);
  const secrets = Buffer.from(JSON.stringify({ key: { value: 'hush-hush' } })).toString('base64');
  const headers = { 'X-Secrets': secrets };
  await ask(server, 'POST', '/create', { sid, headers, body: { split: 'test', index: 0 } });
  await ask(server, 'GET', '/prompt', { sid });
  await ask(server, 'POST', '/delete', { sid });
  const kept = JSON.stringify([server.trajectories(), server.told, server.counts()]);
  expect(server.trajectories().length).toBe(1);
  expect(kept).not.toContain('hush-hush');
  expect(kept).not.toContain(secrets);
});

test('a family that a split lacks is the client’s mistake', async () => {
  const server = await served({ families: ['case-file'] });
  expect((await ask(server, 'POST', '/num_tasks', { body: { split: 'train' } })).body).toEqual({ num_tasks: 12 });
  const { body } = await ask(server, 'POST', '/task', { body: { split: 'train', index: 11 } });
  expect(body).toMatchObject({ task: { task_id: 'smoke/case-file/train/0011' } });
});

const schema = (...names: string[]) => ({ properties: Object.fromEntries(names.map((name) => [name, {}])) });

test('tools that Python cannot bind are known', () => {
  expect(bindingFault('call_tool', schema('server', 'tool'))).toBeUndefined();
  expect(bindingFault('read-file', {})).toBe('"read-file" is no name in Python');
  expect(bindingFault('move', schema('from'))).toBe('"from" is no name in Python');
  expect(bindingFault('move', schema('self'))).toBe('a parameter is called self');
  expect(bindingFault('reset', {})).toMatch(/trainers use/);
  expect(bindingFault('_hidden', {})).toMatch(/underscore/);
});

test('nulls of omitted arguments go, those that a schema knows stay, unknown ones are left to be refused', () => {
  const schema = {
    properties: {
      path: { type: 'string' },
      head: { type: ['integer', 'null'] },
      tail: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
      mode: { enum: ['a', null] },
    },
  };
  const input = { path: null, head: null, tail: null, mode: null, other: null };
  expect(withoutNulls(input, schema)).toEqual({ head: null, tail: null, mode: null, other: null });
  expect(withoutNulls({ path: '' }, schema)).toEqual({ path: '' });
});

test('any JSON survives the events, however finely it is sliced and whatever white space it holds', () => {
  const text = fc.string({ unit: fc.constantFrom(' ', '\n', '\t', '\u00a0', '\u2028', '𝄞', 'é', '"', '\\', 'x') });
  fc.assert(
    fc.property(fc.array(text), fc.integer({ min: 1, max: 9 }), (value, mostCharacters) => {
      const events = eventsIn(answerEvents(JSON.stringify(value), mostCharacters));
      expect(events.map(({ event }) => event).slice(0, -1)).not.toContain('end');
      expect(events.at(-1)?.event).toBe('end');
      expect(JSON.parse(events.map(({ data }) => data).join(''))).toEqual(value);
    }),
  );
});

test('a web page of another origin can ask for nothing, and post nothing as plain text', async () => {
  const server = await served();
  const { host } = new URL(server.url);
  const foreign = [
    { Origin: 'https://pages.example' },
    { Origin: 'null' },
    { Origin: 'http://localhost:1' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
  ];
  for (const headers of foreign) {
    const body = { split: 'test' };
    expect(await statusOf(server.url, 'POST', '/num_tasks', { headers, body: JSON.stringify(body) })).toBe(403);
    expect(await statusOf(server.url, 'POST', '/create_session', { headers })).toBe(403);
    expect(await statusOf(server.url, 'GET', '/splits', { headers })).toBe(403);
  }
  for (const headers of [{ Origin: `http://${host}`, 'Sec-Fetch-Site': 'same-origin' }, { 'Sec-Fetch-Site': 'none' }])
    expect(await statusOf(server.url, 'POST', '/num_tasks', { headers, body: '{"split":"test"}' })).toBe(200);
  for (const type of [
    'text/plain',
    'text/plain;charset=UTF-8',
    'application/jsonp',
    'application/x-www-form-urlencoded',
    '',
  ])
    expect(
      await statusOf(server.url, 'POST', '/num_tasks', { headers: { 'Content-Type': type }, body: '{"split":"test"}' }),
    ).toBe(415);
  for (const type of ['application/json', 'Application/JSON; charset=utf-8'])
    expect(
      await statusOf(server.url, 'POST', '/num_tasks', { headers: { 'Content-Type': type }, body: '{"split":"test"}' }),
    ).toBe(200);
  // Clients say so of a body that is not there.
  const headers = { 'Content-Type': 'application/octet-stream' };
  expect(await statusOf(server.url, 'POST', '/create_session', { headers })).toBe(200);
});

test('the scheme of a token may be written in any letter case', async () => {
  const server = await served({ host: '0.0.0.0', token: 'Open' });
  for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR  ']) {
    const headers = { Authorization: `${scheme} Open` };
    expect(await statusOf(server.url, 'GET', '/splits', { headers })).toBe(200);
  }
  expect(await statusOf(server.url, 'GET', '/splits', { headers: { Authorization: 'bearer open' } })).toBe(401);
});

test('a malformed path is the client’s mistake', async () => {
  const server = await served();
  for (const path of ['/%', '/%zz/splits', '/smoke%ff/splits', '/%c3%28/splits', '/splits%'])
    expect(await statusOf(server.url, 'GET', path), path).toBe(400);
  for (const path of ['//', '/%2e%2e/%2e%2e/splits/x', '/nowhere/splits', '//[/splits', '/smoke%2Fsplits'])
    expect(await statusOf(server.url, 'GET', path), path).toBe(404);
  for (const path of ['/smoke/splits', '/%73moke/splits', '//splits'])
    expect(await statusOf(server.url, 'GET', path), path).toBe(200);
  expect(server.told).toEqual([]);
});

/** Status of a request whose path and headers go out as they are; a body is JSON where no header says otherwise. */
const statusOf = (
  url: string,
  method: string,
  path: string,
  { headers, body }: { readonly headers?: Record<string, string>; readonly body?: string } = {},
): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const json = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const { hostname, port } = new URL(url);
    const sent = request({ hostname, port, path, method, headers: { ...json, ...headers } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject);
    sent.end(body);
  });
