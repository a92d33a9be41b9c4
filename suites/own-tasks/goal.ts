import type { Check, Goal, Inspection, TextTest } from '../../core/goal-types.ts';
import { describeTest } from '../../judges/truth/text-test.ts';
import type { OwnCheck, OwnTest, ToolCall } from './format.ts';

/** The goal that a task's checks make. `folder` is where its scripts are started. */
export function goalOf(checks: readonly OwnCheck[], folder: string): Goal & { readonly kind: 'checks' } {
  const inspections: Inspection[] = [];
  const look = (inspection: Inspection): number => inspections.push(inspection) - 1;
  const named = checks.map((check): Check => {
    const coreCheck = checkOf(check, folder, look);
    return { ...coreCheck, name: check.name ?? coreCheck.name };
  });
  return { kind: 'checks', checks: named, inspections };
}

function checkOf(check: OwnCheck, folder: string, look: (inspection: Inspection) => number): Check {
  if ('file' in check) {
    const { server, path } = check.file;
    const test = 'absent' in check ? 'absent' : testOf(check);
    const end = test === 'absent' ? 'is not there' : `says ${describeTest(test)}`;
    return { kind: 'file', name: `file ${path} of ${server} ${end}`, server, path, test };
  }
  if ('result' in check) {
    const { server, tool, arguments: args = {}, path = null } = check.result;
    const test = testOf(check);
    const where = path === null ? '' : ` at ${path}`;
    const name = `${callText(check.result)}, called at the end, gives${where} ${describeTest(test)}`;
    return { kind: 'result', name, inspection: look({ kind: 'call', server, tool, arguments: args }), path, test };
  }
  if ('answer' in check) {
    const { message } = check;
    const test = testOf(check.answer);
    const whose = message === undefined ? 'the final answer' : `the answer to message ${message}`;
    return {
      kind: 'answer',
      name: `${whose} is ${describeTest(test)}`,
      test,
      ...(message === undefined ? {} : { message }),
    };
  }
  if ('unchanged' in check) {
    const { unchanged: server, except = [] } = check;
    const paths = except.map((path) => path.replace(/\/$/, ''));
    const but = paths.length === 0 ? '' : `, ${paths.join(', ')} apart`;
    return { kind: 'unchanged', name: `${server} stays as it was${but}`, server, except: paths };
  }
  if ('judged' in check) return { kind: 'judged', name: check.judged };
  if ('script' in check) {
    const inspection = look({ kind: 'script', command: check.script, folder });
    return { kind: 'script', name: `script ${check.script.join(' ')} says yes`, inspection };
  }
  if ('verifier' in check) {
    const inspection = look({ kind: 'module', file: check.verifier, folder });
    return { kind: 'script', name: `verifier ${check.verifier} says yes`, inspection };
  }
  const isMade = 'called' in check;
  const call = isMade ? check.called : check.neverCalled;
  const name = `${callText(call)} is ${isMade ? '' : 'never '}called`;
  return { kind: 'call', name, server: call.server, tool: call.tool, arguments: call.arguments ?? {}, made: isMade };
}

/** Of a test that may stand beside other keys, what is the test. */
function testOf(test: OwnTest): TextTest {
  const strictness = test.strictness === undefined ? {} : { strictness: test.strictness };
  if ('equals' in test) return { equals: test.equals, ...strictness };
  if ('contains' in test) return { contains: test.contains, ...strictness };
  if ('matches' in test) return { matches: test.matches, ...strictness };
  if ('items' in test) return { items: test.items, ...strictness };
  return { number: test.number, tolerance: test.tolerance ?? 0, ...strictness };
}

const callText = ({ server, tool, arguments: args = {} }: ToolCall): string =>
  `${server}.${tool}${Object.keys(args).length === 0 ? '' : ` ${JSON.stringify(args)}`}`;
