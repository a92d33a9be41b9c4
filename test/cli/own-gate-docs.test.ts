import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
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

const page = readFileSync(join(root, 'docs/gate.md'), 'utf8');

/** The text of the first block of a language on the page, as it stands in its list. */
const block = (language: string): string =>
  (new RegExp(`^ *\`\`\`${language}\n([\\s\\S]*?)^ *\`\`\``, 'm').exec(page)?.[1] ?? '').replaceAll(/^ {3}/gm, '');

interface Workflow {
  readonly jobs: { readonly gate: { readonly steps: readonly { readonly run?: string }[] } };
}

test.runIf(isWhole)(
  'the documented commands lead from an mcp.json to a green gate, and after a change to one that names the tool; the workflow runs as a script',
  () => {
    const folder = temporaryFolder();
    const env = { ...process.env, PATH: `${programs()}${delimiter}${process.env['PATH'] ?? ''}` };
    const shell = (script: string, more: NodeJS.ProcessEnv = {}) =>
      spawnSync('bash', ['-e', '-c', script], { cwd: folder, env: { ...env, ...more }, encoding: 'utf8' });
    shell('npm install toolstone');
    cpSync(join(root, 'docs/examples/notes-server.mjs'), join(folder, 'notes-server.mjs'));
    writeFileSync(join(folder, 'mcp.json'), block('json'));
    const [init = '', check = '', run = '', accept = '', gate = '', ...more] = block('sh').trim().split('\n');
    expect(more).toEqual([]);

    const made = shell(init);
    expect(made.status, made.stderr).toBe(0);
    writeFileSync(join(folder, 'own-tasks.yaml'), block('yaml'));
    for (const [command, says] of [
      [check, /^sound {2}titles\nThe task is sound\.\n$/],
      [run, /^oracle +test +1\.00 \[/m],
      [accept, /^Accepted as reference: toolstone-reference\/reference\.json\n1 of 1 task passed\.\n$/],
      [gate, /The task did not regress since the reference \("first numbers"\)\.\ngate: pass\n$/],
    ] as const) {
      const { status, stdout, stderr } = shell(command);
      expect([status, stdout], `${command}\n${stderr}`).toEqual([0, expect.stringMatching(says)]);
    }

    const byTool = readFileSync(join(folder, 'reports/runs/run-oracle-tool/tables/tools.csv'), 'utf8');
    expect(byTool).toMatch(/^"oracle, tool",test,notes,list_notes,\d+,1,1,0,0,,1,1,/m);

    const text = readFileSync(join(folder, '.github/workflows/toolstone-gate.yml'), 'utf8');
    const steps = (parse(text) as Workflow).jobs.gate.steps.flatMap(({ run: step }) => step ?? []);
    const summary = join(folder, 'summary.md');
    // It was played above.
    const green = shell(steps.filter((step) => step !== check).join('\n'), { GITHUB_STEP_SUMMARY: summary });
    expect(steps).toContain(check);
    expect(green.status, green.stderr).toBe(0);
    expect(green.stdout).toMatch(/gate: pass\n$/);
    expect(readFileSync(join(folder, 'gate/junit.xml'), 'utf8')).toContain('failures="0"');
    expect(readFileSync(join(folder, 'gate/badge.json'), 'utf8')).toContain('"color":"brightgreen"');
    expect(readFileSync(summary, 'utf8')).toMatch(/^## Toolstone gate of own-tasks@\w+: pass\n/);

    const [, change = ''] = /`(sed -i .*?)`/.exec(page) ?? [];
    expect(shell(change).status).toBe(0);
    const red = shell(gate);
    expect(red.status, red.stderr).toBe(4);
    const [, shown = ''] = / ```\n( +Drift: [^]*?) +```/.exec(page) ?? [];
    expect(red.stdout.startsWith(shown.replaceAll(/^ {3}/gm, '')), red.stdout).toBe(true);
    expect(red.stdout).toMatch(/^No task regressed, but there is drift: [^]*\ngate: drift\n$/m);
    const flagged = shell(`${gate} --fail-on drift --quiet`);
    expect([flagged.status, flagged.stdout, flagged.stderr]).toEqual([1, red.stdout, '']);

    // A server that no longer does what it should: the gate says what is wrong, whatever the check of the plans would say.
    writeFileSync(
      join(folder, 'notes-server.mjs'),
      readFileSync(join(folder, 'notes-server.mjs'), 'utf8').replace('readdirSync(folder).sort()', 'nowhere'),
    );
    const broken = shell(steps[1] ?? '', { GITHUB_STEP_SUMMARY: summary });
    expect(broken.status, broken.stderr).toBe(1);
    const why =
      /passed 1 of 1 in the reference, now 0 of 1\. checks\[0\] failed\. Expected: notes\.list_notes is called\. Found: it failed once/;
    expect(broken.stdout).toMatch(why);
    expect(readFileSync(join(folder, 'gate/junit.xml'), 'utf8')).toMatch(
      /regressed: 1\/1 in the reference, 0\/1 now\. checks\[0\]/,
    );
  },
  600_000,
);
