import { type Script, toldIn } from './script.ts';

/** A call of a meta-tool: its name and arguments. */
type Call = readonly [name: string, args: object];

/** A model that makes calls, one a turn or several, and then answers with what it was told: the pattern's first group. */
export const course =
  (turns: readonly (Call | readonly Call[])[], find = /(K7-44)/): Script =>
  (turn, request, { call }) => {
    const next =
      turns[turn] ?? (['finish', { answer: find.exec(toldIn(request))?.[1] ?? 'nothing was shown' }] as Call);
    const calls = (typeof next[0] === 'string' ? [next] : next) as readonly Call[];
    return { message: { tool_calls: calls.map(([name, args]) => call(name, args)) } };
  };

interface Play {
  readonly tool: string;
  readonly args?: object;
  readonly find?: RegExp;
}

/** A model that loads a tool of server `s`, calls it, and answers. */
export const play = ({ tool, args = {}, find }: Play): Script =>
  course(
    [
      ['load_tools', { server: 's', tools: [tool] }],
      ['call_tool', { server: 's', tool, arguments: args }],
    ],
    find,
  );

/** The good course of the note task, for a case to spoil. */
export const note: Script = play({ tool: 'read_note' });
