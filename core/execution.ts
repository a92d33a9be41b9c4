/** How a policy's calls are carried out: one by one as the policy asks for them, by programs that it writes, or as it likes. */
export const executions = ['calls', 'programs', 'both'] as const;
export type Execution = (typeof executions)[number];

/** The meta-tool that runs a program. */
export const RUN_PROGRAM = 'run_program';

/** Whether a decision holds a program: what it costs in later prompts is told apart from other turns. */
export const isProgram = ({
  calls,
}: {
  readonly calls: readonly { readonly action: { readonly name: string } }[];
}): boolean => calls.some(({ action }) => action.name === RUN_PROGRAM);
