import type { PlannedCall, UserMessage } from '../../core/plan.ts';
import type { OwnMessage, OwnTask, ToolCall } from './format.ts';
import type { Path } from './source.ts';

/** What a user says in a task, one after the other, each as a map. */
export const messagesOf = ({ prompt = '', messages, plan, answer }: OwnTask): readonly Exclude<OwnMessage, string>[] =>
  messages?.map((message) => (typeof message === 'string' ? { text: message } : message)) ?? [
    { text: prompt, ...(plan ? { plan } : {}), ...(answer === undefined ? {} : { answer }) },
  ];

/** The prompt, plan and answer that a task's messages make, and where there are several, these. */
export function conversationOf(task: OwnTask) {
  const all = messagesOf(task);
  const plan: PlannedCall[] = [];
  const messages = all.map(({ text, plan: own = [], answer = '' }): UserMessage => {
    const first = plan.length;
    for (const { server, tool, arguments: args = {}, after = [] } of own)
      plan.push({ server, tool, arguments: args, after: after.map((number) => first + number) });
    return { text, plannedCalls: own.length, answer };
  });
  return {
    prompt: messages[0]?.text ?? '',
    plan,
    answer: messages.at(-1)?.answer ?? '',
    ...(messages.length > 1 ? { messages } : {}),
  };
}

/** Every call of a task's plan, and where it stands. */
export const plannedCallsOf = (
  task: OwnTask,
  path: Path,
): readonly { readonly call: ToolCall; readonly path: Path }[] =>
  task.messages
    ? messagesOf(task).flatMap(({ plan = [] }, message) =>
        plan.map((call, index) => ({ call, path: [...path, 'messages', message, 'plan', index] })),
      )
    : (task.plan ?? []).map((call, index) => ({ call, path: [...path, 'plan', index] }));
