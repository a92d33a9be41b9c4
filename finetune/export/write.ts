import { writeWhole } from '../../core/record/files.ts';
import type { ExportFlags } from '../../commands/shared/trainer-commands.ts';
import type { OpenView } from '../../core/types.ts';
import { metaToolsOf } from '../ors/catalogue.ts';
import type { Trainer } from './groups.ts';
import { exportRun, type Kind } from './run.ts';

/** `toolstone export`: writes the rows and says what became of the run's episodes. Throws `UsageError`. */
export function writeExport(run: string, flags: ExportFlags, openView: OpenView): string {
  const { kind, trainer, reward, leastMargin, out } = flags;
  const { rows, left } = exportRun({
    run,
    kind: kind as Kind,
    trainer: trainer as Trainer,
    reward,
    metaTools: metaToolsOf(openView),
    ...(leastMargin === undefined ? {} : { leastMargin }),
  });
  writeWhole(out, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const passedOver = Object.entries(left).map(([cause, count]) => `  ${count} left out: ${cause}`);
  return [`${rows.length} rows in ${out}`, ...passedOver].join('\n');
}
