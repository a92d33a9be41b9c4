import { UsageError } from '../../core/errors.ts';
import type { PolicyFlags } from './flags.ts';
import type { Job } from '../../core/run-types.ts';
import type { Suite } from '../../core/types.ts';
import { defaultSplit } from '../../suites/tasks/samples.ts';
import { fixedJob } from './jobs.ts';

/**
 * What `toolstone run` runs: each policy on each split, in tables by its label where it has one. Throws `UsageError` where a
 * label is no plain name or two rows would be called the same.
 */
export default function policyRun(
  suite: Suite,
  { policy: policies, view, split: splits = [defaultSplit(suite)], limit }: PolicyFlags,
): { readonly name: string; readonly jobs: readonly Job[] } {
  // A file of one's own may hold fewer.
  const evaluations = [...new Set(splits)].map((split) => ({ split, tasks: suite.tasks(split, limit).length }));
  const named = policies.map(labelledPolicy);
  const names = named.map(({ label, policy }) => label ?? policy);
  const jobs = named.map(({ label, policy }, index) => {
    const row = names[index] as string;
    const job = fixedJob(row, view, { algorithms: row, views: `${row}, ${view}` }, evaluations);
    return label === undefined ? job : { ...job, policy, label };
  });
  const twice = jobs.findIndex(({ name }, index) => jobs.some((one, before) => before < index && one.name === name));
  if (twice >= 0) {
    throw new UsageError(
      `Two policies are called "${names[twice]}", so that tables could not tell them apart. Give each a label of its own: --policy LABEL=POLICY.`,
    );
  }
  const joined = names.join('-').replace(/[^\w.-]+/g, '-');
  return { name: `run-${jobs.length > 1 ? joined.slice(0, 80) : joined}-${view}`, jobs };
}

/** `sft=llama:FILE.gguf?temperature=1` → `sft` and the rest. A policy's own "=" stands after its colon. */
function labelledPolicy(text: string): { readonly policy: string; readonly label?: string } {
  const [, label, policy] = /^([^=:]*)=(.*)$/s.exec(text) ?? [];
  if (label === undefined || policy === undefined) return { policy: text };
  if (/^[A-Za-z0-9][\w.-]{0,63}$/.test(label)) return { policy, label };
  throw new UsageError(
    `The label "${label}" of --policy ${text} is no plain name. Give letters, digits, ".", "_" and "-", at most 64, the first a letter or digit.`,
  );
}
