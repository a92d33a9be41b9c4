// node commands/figures/callable-tools.ts: for how many real tools the embedded policy can form a call, into
// reports/reference/callable-tools.{json,md}.
import { callableToolsTable } from '../shared/callable-tools.ts';
import { keepTable } from '../shared/keep-table.ts';

keepTable(callableToolsTable());
