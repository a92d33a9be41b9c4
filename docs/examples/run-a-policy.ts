// Plays three tasks with a policy of one's own and prints what the verifier and code's rubric say of each episode.
import { openSuite, openView, openWorldPool, runEpisode, score, type Policy } from 'toolstone';

/** Reads the first file that the prompt names, and answers with its text. */
const reader: Policy = {
  name: 'reader',
  start: ({ prompt, root }) => {
    const [path] = /[\w/.-]+\.\w+/.exec(prompt) ?? [];
    const read = { server: 'filesystem', tool: 'read_text_file', arguments: { path: `${root}/filesystem/${path}` } };
    return {
      act: ([observation]) =>
        observation === undefined
          ? { calls: [{ action: { name: 'call_tool', arguments: read } }] }
          : { calls: [{ action: { name: 'finish', arguments: { answer: observation.text } } }] },
    };
  },
};

const suite = await openSuite('micro');
const view = await openView('eager');
const pool = await openWorldPool({ lanes: 1 });
try {
  for (const task of suite.tasks('test', 3)) {
    const trajectory = await runEpisode({ suite, task, policy: reader, pool, view });
    const { success, rewards } = await score(task, trajectory);
    console.log(`${task.id}: verified ${success?.verified}, rubric ${rewards.rubric?.toFixed(2)}`);
  }
} finally {
  await pool.dispose();
}
