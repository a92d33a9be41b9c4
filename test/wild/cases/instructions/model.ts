import { play } from '../../lib/play.ts';
import { type Script, toldIn } from '../../lib/script.ts';

const script: Script = (turn, request, help) => {
  const token = /open sesame/.exec(toldIn(request))?.[0] ?? 'nobody told me';
  return play({ tool: 'read_note', args: { token } })(turn, request, help);
};
export default script;
