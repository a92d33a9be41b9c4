// node commands/figures/search-recall.ts: how often a search finds the tools of the reference plans, for every suite, into
// reports/reference/search-recall.{json,md}.
import { searchRecallTable } from '../../reports/tables/search-recall.ts';
import { suiteNamed, suiteNames } from '../../suites/tasks/suite-list.ts';
import { keepTable } from '../shared/keep-table.ts';
import { searchedSuite } from '../shared/search-recall.ts';

const tasksPerSuite = 200;

const suites = await Promise.all(suiteNames().map((name) => suiteNamed(name)));
keepTable(searchRecallTable(suites.flatMap((suite) => searchedSuite(suite, tasksPerSuite))));
