import { jsonpath } from 'json-p3';
import { messageOf } from '../../core/errors.ts';
import { fileFact } from '../../core/facts.ts';
import { serverDefinition, serverNames } from '../../envs/server-list.ts';
import { treeOf } from '../../envs/state/files/tree.ts';
import { patternOf } from '../../judges/truth/bounded-pattern.ts';
import type { OwnCheck, OwnTest } from './format.ts';
import { nearest } from '../../core/near-names.ts';
import { pathFault } from './path-fault.ts';
import type { Fault } from './shape.ts';
import type { Path } from './source.ts';

/** What is wrong with one check of the right shape; `named` looks at a server's name. */
export function checkFaults(
  check: OwnCheck,
  path: Path,
  servers: readonly string[],
  checkServerName: (at: Path, name: string, mustKeep: boolean) => void,
): Fault[] {
  if ('file' in check) {
    checkServerName([...path, 'file', 'server'], check.file.server, true);
    const what = pathFault(check.file.path, false) ?? unseen(check.file.server, check.file.path);
    const faults = what === undefined ? [] : [{ path: [...path, 'file', 'path'], what }];
    return [...faults, ...('absent' in check ? [] : testFaults(check, path))];
  }
  if ('result' in check) {
    const { server, path: query } = check.result;
    checkServerName([...path, 'result', 'server'], server, false);
    const faults = testFaults(check, path);
    if (query === undefined) return faults;
    return [...faults, ...attempt([...path, 'result', 'path'], 'is no JSONPath', () => jsonpath.compile(query))];
  }
  if ('answer' in check) return testFaults(check.answer, [...path, 'answer']);
  if ('called' in check) checkServerName([...path, 'called', 'server'], check.called.server, false);
  if ('neverCalled' in check) checkServerName([...path, 'neverCalled', 'server'], check.neverCalled.server, false);
  if ('unchanged' in check) {
    checkServerName([...path, 'unchanged'], check.unchanged, true);
    return (check.except ?? []).flatMap((exception, index) => {
      const what = pathFault(exception, true);
      return what === undefined ? [] : [{ path: [...path, 'except', index], what }];
    });
  }
  return 'script' in check ? scriptFaults(check.script, [...path, 'script'], servers) : [];
}

/** Some servers of the catalogue tell of a file by what is in it (entities, cells), never as a file. */
function unseen(server: string, path: string): string | undefined {
  const facts = serverNames.includes(server) ? serverDefinition(server).facts : null;
  if (facts === null) return undefined;
  try {
    if (facts(treeOf({ [path]: 'x' })).includes(fileFact(path, 'x'))) return undefined;
  } catch {
    return undefined; // it wants more than one letter of such a file
  }
  return `Server ${server} does not show ${path} as text. Check it by \`result\`.`;
}

/** Braces may mean anything to a program; those that all but name a server are a slip. */
function scriptFaults(script: readonly string[], path: Path, servers: readonly string[]): Fault[] {
  return script.flatMap((part, index) =>
    [...part.matchAll(/\{([\w.-]+)\}/g)].flatMap(([whole, name = '']) => {
      const near = servers.includes(name) ? undefined : nearest(name, servers);
      const what = `${whole} names none of the task's servers. Did you mean "{${near}}"?`;
      return near === undefined ? [] : [{ path: [...path, index], what }];
    }),
  );
}

function testFaults(test: OwnTest, path: Path): Fault[] {
  if (!('matches' in test)) return [];
  return attempt([...path, 'matches'], 'is no regular expression', () => patternOf(test.matches));
}

function attempt(path: Path, what: string, work: () => unknown): Fault[] {
  try {
    work();
    return [];
  } catch (error) {
    return [{ path, what: `${what}: ${messageOf(error)}.` }];
  }
}
