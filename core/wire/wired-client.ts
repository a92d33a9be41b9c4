import type { Chat, ModelClient } from '../models/model-client.ts';
import { chosenWire } from './chosen.ts';
import { currentTape } from './tape.ts';

/**
 * The client that `open` gives, whose chats within an episode go through the episode's tape where the user chose to record or replay.
 * A replay opens it at the first chat that the recording does not hold, so that its endpoint need not be there. `name` is what the
 * recording knows it by.
 */
export async function wiredClient(name: string, open: () => Promise<ModelClient>): Promise<ModelClient> {
  const wire = chosenWire();
  if (wire === undefined) return open();
  if (wire.mode === 'record') return taped(name, await open());
  let opened: Promise<ModelClient> | undefined;
  const late = (): Promise<ModelClient> => (opened ??= open());
  const conversing = (): Chat => {
    let chat: Promise<Chat> | undefined;
    return async (...asked) => {
      chat ??= late().then((client) => client.converse?.() ?? client.chat);
      return (await chat)(...asked);
    };
  };
  return taped(name, { name, check: async () => undefined, chat: conversing(), converse: conversing });
}

function taped(name: string, client: ModelClient): ModelClient {
  const { converse } = client;
  const through =
    (chat: Chat): Chat =>
    (messages, tools, sampling, signal) => {
      const live = () => chat(messages, tools, sampling, signal);
      const request = [messages, tools, sampling];
      return currentTape()?.exchange(`model ${name}`, request, `a chat with ${name}`, live) ?? live();
    };
  return {
    ...client,
    chat: through(client.chat),
    ...(converse ? { converse: () => through(converse()) } : {}),
  };
}
