import type { ChatReply } from '../../../core/models/model-client.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json.ts';
import { objectIn } from '../../../judges/language/reply.ts';

/** A drafted task in the form of task files, not yet looked at any further; or why it is none. */
export type Draft = { readonly id: string } & ({ readonly task: JsonObject } | { readonly fault: string });

const keys = ['id', 'prompt', 'setUp', 'files', 'plan', 'answer', 'checks'];

/**
 * The tasks of a reply, which must be one JSON object with nothing but a list of them, or why none can be read. What a model may
 * not ask for is refused by name: other servers, and programs of this machine.
 */
export function draftsIn(reply: Pick<ChatReply, 'text' | 'finishReason'>, server: string): readonly Draft[] | string {
  const found = objectIn(reply);
  if ('unusable' in found) return found.unusable.reason;
  const { tasks, ...rest } = found.object;
  const [strange] = Object.keys(rest);
  if (!Array.isArray(tasks)) return 'the reply holds no list of tasks';
  if (strange !== undefined) return `the reply holds ${JSON.stringify(strange)} beside its tasks`;
  if (tasks.length === 0) return 'the reply holds no task';
  return tasks.map((task, index) => draftOf(task, index, server));
}

function draftOf(value: Json, index: number, server: string): Draft {
  const nameless = `number ${index + 1}`;
  if (!isJsonObject(value)) return { id: nameless, fault: 'it is no object.' };
  const id = typeof value['id'] === 'string' ? value['id'] : nameless;
  const strange = Object.keys(value).find((key) => !keys.includes(key));
  if (strange !== undefined) return { id, fault: `it has a key "${strange}", which a drafted task may not have.` };
  const { prompt, files, setUp, checks, plan, answer } = value;
  if (Array.isArray(checks) && checks.some((check) => isJsonObject(check) && 'script' in check))
    return { id, fault: 'it has a check that runs a program: drafted tasks may not.' };
  const parts: Readonly<Record<string, Json | undefined>> = {
    id,
    prompt,
    servers: [server],
    files: files === undefined ? undefined : { [server]: files },
    setUp: onServer(setUp, server),
    checks: Array.isArray(checks) ? checks.map((one) => checkOn(one, server)) : checks,
    plan: onServer(plan, server),
    answer,
  };
  const task = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as JsonObject;
  return { id, task };
}

/** There is one server alone, so that a model need not name it; one that names another is refused by the task's own rules. */
const withServer = (call: Json | undefined, server: string): Json =>
  isJsonObject(call) ? { server, ...call } : (call ?? null);

const onServer = (calls: Json | undefined, server: string): Json | undefined =>
  Array.isArray(calls) ? calls.map((call) => withServer(call, server)) : calls;

function checkOn(check: Json, server: string): Json {
  if (!isJsonObject(check)) return check;
  const named = ['file', 'result', 'called', 'neverCalled'].filter((key) => key in check);
  return { ...check, ...Object.fromEntries(named.map((key) => [key, withServer(check[key], server)])) };
}
