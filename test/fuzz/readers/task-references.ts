import compareTasks from '../../../reports/gate/tasks/compare.ts';
import gateJunit from '../../../reports/gate/tasks/junit.ts';
import { gateLines } from '../../../reports/gate/tasks/lines.ts';
import { countOf } from '../../../reports/gate/tasks/outcomes.ts';
import { sightOf } from '../../../reports/gate/tasks/power.ts';
import { readTasksReference } from '../../../reports/gate/tasks/reference.ts';
import gateSummary from '../../../reports/gate/tasks/summary.ts';
import { recordOfWords, referenceOfWords } from '../../reports/tasks-record.ts';
import type { Reader } from '../reader.ts';

const words = ['11', '10', '0-'];

/** What a gate of own tasks compares with: a file that people keep under version control, merge and edit. */
export default {
  share: 2,
  inputs: [{ 'reference.json': { form: 'json', text: JSON.stringify(referenceOfWords(words)) } }],
  read: (_, folder) => {
    const reference = readTasksReference(folder);
    if (reference === null) return;
    const gate = compareTasks(recordOfWords(words), reference, { allowsDrift: true });
    gateLines(gate);
    gateJunit(gate, reference.suite);
    gateSummary(gate, reference.suite);
    const { from } = sightOf(reference.tasks.map(countOf), 2);
    if (!(from >= 0 && from <= 1)) throw new Error(`a mean of ${from}`);
  },
} satisfies Reader;
