import { isJsonObject } from '../core/json.ts';
import { PolicyFailure } from '../core/errors.ts';
import { requireShape, type PartShape } from '../core/own-module.ts';
import type { Decision, Policy } from '../core/types.ts';

const example =
  '`{ name, start }`, where `start` gives a session `{ act }` that decides `{ calls: [{ action: { name, arguments } }] }`';
const policyShape: PartShape = { keys: { name: 'text', start: 'function' }, example };

/**
 * A policy of a user's own, held to what policies are: one that decides nothing of use voids its episode with a sentence. Throws
 * `UsageError` where it is none.
 */
export function ownPolicy(path: string, policy: Policy): Policy {
  requireShape(policy, `The policy ${path} opens something that`, policyShape);
  return {
    name: policy.name,
    ...(policy.takesMedia ? { takesMedia: policy.takesMedia } : {}),
    start: (episode) => {
      const session = policy.start(episode);
      return {
        act: async (observations, user) => {
          const decision = await session.act(observations, user);
          if (isDecision(decision)) return decision;
          throw new PolicyFailure(`The policy ${path} decided what is no decision. Expected: ${example}.`);
        },
      };
    },
  };
}

function isDecision(value: unknown): value is Decision {
  if (!isJsonObject(value)) return false;
  const { calls } = value;
  return (
    Array.isArray(calls) && calls.length > 0 && calls.every((call) => isJsonObject(call) && isAction(call['action']))
  );
}

const isAction = (value: unknown): boolean =>
  isJsonObject(value) && typeof value['name'] === 'string' && isJsonObject(value['arguments']);
