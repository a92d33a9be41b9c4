import { Option } from '@commander-js/extra-typings';
import { formNames, namingNames } from '../reports/context/form-names.ts';
import { tokenizerFlag } from './shared/counting-flags.ts';
import { addDistractorFlags } from './shared/distractor-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { exitCodes } from './shared/exit-codes.ts';
import { shareOfOne, wholeNumber } from './shared/flag-values.ts';
import { print, shownPath, tell, terminalWidth } from './shared/printing.ts';
import { addServerFlags } from './shared/server-flags.ts';

const context: CommandDefinition = {
  summary:
    "count the tokens that servers add to a model's context, tool by tool, and find problems in their tools (docs/context.md)",
  define: (command) => {
    addServerFlags(command);
    addDistractorFlags(command);
    command
      .argument(
        '[servers...]',
        'names of servers, configuration files of MCP clients, or task files; by default the servers of the catalogue that are installed',
      )
      .option(...tokenizerFlag)
      .addOption(
        new Option('--form <name>', 'format in which the list of tools is counted')
          .choices(formNames)
          .default('openai' as const),
      )
      .addOption(
        new Option('--names <way>', 'how the names of tools are written').choices(namingNames).default('tool' as const),
      )
      .addOption(
        new Option('--as <what>', 'print the tools themselves, in this form, instead of the figures')
          .choices(['declarations'] as const)
          .conflicts(['page', 'json', 'markdown', 'budget', 'against']),
      )
      .option('--alike <share>', 'share of words from which two tools count as near-duplicates', shareOfOne, 0.5)
      .option('--budget <tokens>', 'largest total; above it the exit code is 1', wholeNumber)
      .option('--against <file>', 'compare with the output of an earlier --json')
      .option('--page <file>', 'also write an HTML page with a chart')
      .addOption(new Option('--json', 'print everything as JSON').conflicts('markdown'))
      .option('--markdown', 'print Markdown, for a pull request')
      .addHelpText('after', helpText)
      .action(async (servers, { page, json, markdown, budget, against, as, ...options }) => {
        const { costOf, declaredTools } = await import('./shared/context-cost.ts');
        if (as !== undefined) {
          const { text, notStarted } = declaredTools(servers, options);
          print(text.trimEnd());
          for (const { why } of notStarted) tell(why);
          if (notStarted.length > 0) process.exitCode = exitCodes.notEnoughData;
          return;
        }
        const { checkBudget } = await import('../reports/context/budget.ts');
        const { compareCosts, incomparable, readCost } = await import('../reports/context/against.ts');
        const { contextMarkdown, contextText } = await import('../reports/context/output.ts');
        const earlier = against === undefined ? undefined : readCost(against);
        const cost = await costOf(servers, options);
        const fault = earlier && incomparable(earlier, cost);
        if (fault !== undefined) {
          tell(`${against} cannot be compared. ${fault}`);
          process.exitCode = exitCodes.incomparable;
          return;
        }
        const report = {
          ...cost,
          ...(budget === undefined ? {} : { budget: checkBudget(cost, budget) }),
          ...(earlier ? { against: compareCosts(earlier, cost) } : {}),
        };
        if (page !== undefined) {
          const { writeContextPage } = await import('../reports/context/page.ts');
          writeContextPage(page, report);
          tell(`Page: ${shownPath(page)}`);
        }
        print(
          json
            ? JSON.stringify(report, null, 2)
            : markdown
              ? contextMarkdown(report)
              : contextText(report, terminalWidth()),
        );
        if (report.budget && report.budget.over > 0) process.exitCode = exitCodes.regressed;
        else if (report.notStarted.length > 0) process.exitCode = exitCodes.notEnoughData;
      });
  },
};
export default context;

const helpText = `
Examples (no model and no tasks are needed):
  toolstone context                                   every server of the catalogue that is installed
  toolstone context git sqlite --tokenizer o200k      two of them, by OpenAI's tokenizer
  toolstone context git --as declarations             its tools as TypeScript, and what that saves
  toolstone context mcp.json --json > before.json     a client's servers; to compare later:
  toolstone context mcp.json --against before.json --budget 8000 --markdown

The exit code is 1 above the budget, 3 if a server did not start, and 4 if --against was counted with another
tokenizer, form or naming (docs/context.md).
`;
