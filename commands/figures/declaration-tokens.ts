// node commands/figures/declaration-tokens.ts: what every tool takes as TypeScript declarations and as JSON Schema, into
// reports/reference/declaration-tokens.{json,md}.
import { declarationTokensTable } from '../../reports/tables/declaration-tokens.ts';
import { declaredServers, listedHere, runHere } from '../shared/declaration-tokens.ts';
import { keepTable } from '../shared/keep-table.ts';

keepTable(declarationTokensTable(declaredServers(runHere), declaredServers(listedHere)));
