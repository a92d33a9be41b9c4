import { Option } from '@commander-js/extra-typings';
import { formNames, namingNames } from '../reports/context/form-names.ts';
import { tokenizerFlag } from './shared/counting-flags.ts';
import type { CommandDefinition } from './shared/definition.ts';
import { exitCodes } from './shared/exit-codes.ts';
import { shareOfOne, wholeNumber } from './shared/flag-values.ts';
import { print, shownPath, tell, terminalWidth } from './shared/printing.ts';
import { addServerFlags } from './shared/server-flags.ts';

const context: CommandDefinition = {
  summary: 'what servers cost a context, tool by tool, and what in their tools trips models and providers up',
  define: (command) => {
    addServerFlags(command);
    command
      .argument('[servers...]', 'names of servers, client files of servers, task files; by default the whole catalogue')
      .option(...tokenizerFlag)
      .addOption(new Option('--form <name>', 'how the tools are written').choices(formNames).default('openai' as const))
      .addOption(
        new Option('--names <way>', 'how their names are written').choices(namingNames).default('tool' as const),
      )
      .option('--alike <share>', 'words that near-duplicates share at least', shareOfOne, 0.5)
      .option('--budget <tokens>', 'most that all may cost: above it the exit code is 1', wholeNumber)
      .option('--against <file>', 'what changed since this earlier --json')
      .option('--page <file>', 'write a page with a picture too')
      .addOption(new Option('--json', 'print everything as JSON').conflicts('markdown'))
      .option('--markdown', 'print Markdown, for a pull request')
      .addHelpText('after', helpText)
      .action(async (servers, { page, json, markdown, budget, against, ...options }) => {
        const { costOf } = await import('./shared/context-cost.ts');
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
No model is asked and no task is played. Examples:
  toolstone context                                   every server of the catalogue
  toolstone context git sqlite --tokenizer o200k      two of them, by OpenAI's tokenizer
  toolstone context mcp.json --json > before.json     a client's servers; later:
  toolstone context mcp.json --against before.json --budget 8000 --markdown

The exit code is 1 above the budget, 3 where a server did not start, 4 where --against was counted otherwise
(docs/context.md).
`;
