import { serve, text, tool } from '../../lib/mcp.ts';

/** In mid-call the server asks: ping, roots, elicitation, sampling; and it sends log messages. */
const answered = new Map<string, string>();
serve({
  tools: [tool('read_note', 'Reads the note.')],
  onMessage: ({ id, error }) => {
    if (typeof id === 'string') answered.set(id, error === undefined ? 'result' : 'error');
  },
  call: async (_name, _args, { send }) => {
    send({ id: 'q1', method: 'ping' });
    send({ id: 'q2', method: 'roots/list' });
    send({
      id: 'q3',
      method: 'elicitation/create',
      params: { message: 'Sure?', requestedSchema: { type: 'object', properties: {} } },
    });
    send({ id: 'q4', method: 'sampling/createMessage', params: { messages: [], maxTokens: 5 } });
    send({ method: 'notifications/message', params: { level: 'info', data: 'hi' } });
    while (answered.size < 4) await new Promise((resolve) => setTimeout(resolve, 20));
    return text(`${JSON.stringify([...answered])} The code is K7-44.`);
  },
});
