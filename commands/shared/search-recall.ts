import { clausesOf, queryOf } from '../../baselines/text/clauses.ts';
import type { Suite } from '../../core/types.ts';
import { toolspaceOf } from '../../envs/toolspaces.ts';
import { toolIndex } from '../../envs/view-parts/tool-index.ts';
import { searchWays, toolSearch } from '../../envs/view-parts/tool-search.ts';
import { shownTools, type SearchedSuite } from '../../reports/tables/search-recall.ts';
import { defaultSplit } from '../../suites/tasks/samples.ts';
import { neededTools } from './recorded-toolspace.ts';

const queryKinds: Readonly<Record<string, (prompt: string) => readonly string[]>> = {
  prompt: (prompt) => [prompt],
  clauses: (prompt) => clausesOf(prompt).map(queryOf),
};

/** Searches for the tools of so many tasks of a suite's usual split, in every way. Nothing is played. */
export function searchedSuite(suite: Suite, count: number): SearchedSuite[] {
  const tasks = suite.tasks(defaultSplit(suite), count).filter(({ plan }) => plan.length > 0);
  const tools = Math.max(...tasks.map(({ world }) => toolspaceOf(world.servers).tools.length));
  return Object.entries(queryKinds).flatMap(([queries, queriesOf]) =>
    searchWays.map((by) => {
      const searched = tasks.map((task) => {
        const search = toolSearch(toolIndex(toolspaceOf(task.world.servers)), by);
        const found = queriesOf(task.prompt).map((query) =>
          search(query, Math.max(...shownTools)).map(({ server, name }) => `${server}.${name}`),
        );
        return { task: task.id, found, needed: neededTools(task) };
      });
      return { suite: suite.name, tools, by, queries, tasks: searched };
    }),
  );
}
