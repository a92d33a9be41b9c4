import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from './toolstone.ts';
import { isWhole } from '../whole.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** `npm` that links what an install would bring, and `npx` that runs the source: no network, no build. */
function programs(): string {
  const folder = temporaryFolder();
  const scripts = {
    npm: `[ "$1" = ci ] && exit 0
mkdir -p node_modules/@modelcontextprotocol
ln -s '${root}' node_modules/toolstone
ln -s '${join(root, 'node_modules/@modelcontextprotocol/sdk')}' node_modules/@modelcontextprotocol/sdk`,
    npx: `shift; exec '${process.execPath}' '${join(root, 'toolstone.ts')}' "$@"`,
  };
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

/** The commands of the first block of the page. */
const documented = (): string[] =>
  (/```sh\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/gate.md'), 'utf8'))?.[1] ?? '').trim().split('\n');

interface Workflow {
  readonly jobs: { readonly gate: { readonly steps: readonly { readonly run?: string }[] } };
}

test.runIf(isWhole)(
  'the documented commands reach a green gate and a red one that names the tool, and the workflow runs as a script',
  () => {
    const folder = temporaryFolder();
    const env = { ...process.env, PATH: `${programs()}${delimiter}${process.env['PATH'] ?? ''}` };
    const shell = (script: string, cwd = folder, more: NodeJS.ProcessEnv = {}) =>
      spawnSync('bash', ['-e', '-c', script], { cwd, env: { ...env, ...more }, encoding: 'utf8' });
    const commands = documented();
    expect(commands.length).toBe(6);
    const [last = '', ...others] = commands.toReversed();
    let output = '';
    for (const command of others.toReversed()) {
      const { status, stdout, stderr } = shell(command);
      expect(status, `${command}\n${stderr}`).toBe(0);
      output += stdout;
    }
    expect(output).toMatch(/Accepted as reference: toolstone-reference\/reference\.json\n[\s\S]*gate: pass\n$/);

    const red = shell(last);
    expect(red.status, red.stderr).toBe(1);
    expect(red.stdout).toMatch(
      /^Drift: The description of the tool read_note of server notes changed\.\n {2}- Text of a note\.\n {2}\+ Text of one note\.\n/,
    );
    expect(red.stdout).toMatch(/gate: regressed\n$/);

    const text = readFileSync(join(root, 'docs/examples/ci/toolstone-gate.yml'), 'utf8');
    const steps = (parse(text) as Workflow).jobs.gate.steps.flatMap(({ run }) => run ?? []);
    const summary = join(folder, 'summary.md');
    const workflow = (cwd: string) => shell(steps.join('\n'), cwd, { GITHUB_STEP_SUMMARY: summary });
    const sound = join(folder, 'sound');
    mkdirSync(sound);
    cpSync(join(root, 'docs/examples'), sound, { recursive: true });
    cpSync(join(folder, 'toolstone-reference'), join(sound, 'toolstone-reference'), { recursive: true });
    const green = workflow(sound);
    expect(green.status, green.stderr).toBe(0);
    expect(green.stdout).toMatch(/All 3 tasks are sound\.[\s\S]*gate: pass\n$/);
    expect(readFileSync(join(sound, 'gate/junit.xml'), 'utf8')).toContain('failures="0"');
    expect(readFileSync(join(sound, 'gate/badge.json'), 'utf8')).toContain('"color":"brightgreen"');
    expect(readFileSync(summary, 'utf8')).toMatch(/^## Toolstone gate of garden@\w+: pass\n/);
  },
  600_000,
);
