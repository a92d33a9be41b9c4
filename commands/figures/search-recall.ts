// node commands/figures/search-recall.ts: how often a search finds the tools of the reference plans, for every suite, into
// reports/reference/search-recall.{json,md}.
import { fileURLToPath } from 'node:url';
import { writeWhole } from '../../core/record/files.ts';
import { toTerminal } from '../../core/terminal.ts';
import { searchRecallTable } from '../../reports/tables/search-recall.ts';
import { jsonText, tableMarkdown, type Table } from '../../reports/tables/table.ts';
import { suiteNamed, suiteNames } from '../../suites/tasks/suite-list.ts';
import { searchedSuite } from '../shared/search-recall.ts';

const tasksPerSuite = 200;

const suites = await Promise.all(suiteNames().map((name) => suiteNamed(name)));
const json = jsonText(searchRecallTable(suites.flatMap((suite) => searchedSuite(suite, tasksPerSuite))));
// Of the rounded figures, so that both files say the same.
const markdown = tableMarkdown(JSON.parse(json) as Table);
const pathOf = (ending: string): string =>
  fileURLToPath(new URL(`../../reports/reference/search-recall.${ending}`, import.meta.url));
writeWhole(pathOf('json'), json);
writeWhole(pathOf('md'), markdown);
toTerminal(process.stdout, markdown);
