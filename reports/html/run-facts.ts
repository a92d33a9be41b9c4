import { tokensNamed } from '../../core/record/counting-notes.ts';
import { chainNote, type ChainState } from '../../core/record/chain.ts';
import type { Manifest, Training } from '../../core/run-types.ts';
import { markup, type Markup } from '../markup.ts';
import tableHtml from './table.ts';

/** What was run: command, versions and limits, every job, every server. */
export default function runFacts(manifest: Manifest, chain: ChainState): Markup {
  const rows = facts(manifest, chain).map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`);
  return markup`<dl class="facts">${rows}</dl>${jobTable(manifest)}${serverTable(manifest)}${setAsideTable(manifest)}`;
}

function facts(manifest: Manifest, chain: ChainState): readonly (readonly [string, Markup | string])[] {
  const { command, toolstone, node, limits, confinement, withoutServers = [] } = manifest;
  const { version, commit, dirty } = toolstone;
  const without = `${withoutServers.join(', ')}: no task needs it, and no folder of that machine was one that it accepts`;
  return [
    ['command', markup`<code>${command}</code>`],
    ['toolstone', `${version}, commit ${commit}${dirty ? ' with uncommitted changes' : ''}`],
    ['node', node],
    ['confinement', confinementText(confinement)],
    ['limits', `${limits.contextTokens} tokens of context, ${limits.resultTokens} per tool result`],
    ...(withoutServers.length > 0 ? [['left out', without] as const] : []),
    ['tokens', tokensNamed(manifest.tokens)],
    ['records', chainNote(chain).replace(/^Records: /, '')],
  ];
}

function confinementText(confinement: Manifest['confinement']): string {
  if (!confinement) return 'unknown: made by an older version';
  const { level, unconfined } = confinement;
  const text = `servers by ${level === 'arguments' ? 'checks of their arguments alone' : level}`;
  return unconfined.length === 0 ? text : `${text}; not confined: ${unconfined.join(', ')}`;
}

function jobTable({ jobs }: Manifest): Markup | null {
  return tableHtml(
    {
      name: 'jobs',
      title: 'Jobs',
      about:
        'Every job: one policy, perhaps trained, then evaluated greedily: it takes the choice that it rates highest. Budgets are episodes, never seconds.',
      columns: [
        { key: 'job', title: 'Job', kind: 'text' },
        { key: 'seed', title: 'Seed', kind: 'count' },
        { key: 'policy', title: 'Policy', kind: 'text' },
        { key: 'view', title: 'View', kind: 'text' },
        { key: 'training', title: 'Training', kind: 'text' },
        { key: 'evaluations', title: 'Evaluated on', kind: 'text' },
      ],
      rows: jobs.map(({ name, seed, policy, view, training, evaluations }) => ({
        job: name,
        seed,
        policy,
        view,
        training: training && trainingText(training),
        evaluations: evaluations
          .map(({ split, after, tasks, repeats }) =>
            [split, tasks, ...(after ? [`behind the first ${after}`] : []), ...(repeats ? [`× ${repeats}`] : [])].join(
              ' ',
            ),
          )
          .join(', '),
      })),
    },
    { file: 'manifest.json' },
  );
}

function trainingText({ algorithm, reward, judge, episodes, groupsPerUpdate, groupSize }: Training): string {
  const by = judge ? ` by ${judge.name}` : '';
  return `${algorithm} on ${reward}${by}, ${episodes} episodes, ${groupsPerUpdate} × ${groupSize} per update`;
}

function setAsideTable({ servers }: Manifest): Markup | null {
  const rows = Object.entries(servers).flatMap(([server, { quarantined = [], remarks = [] }]) => [
    ...quarantined.map(({ name, reason }) => ({ server, tool: name, why: `set aside, for ${reason}` })),
    ...remarks.map((why) => ({ server, tool: '', why })),
  ]);
  if (rows.length === 0) return null;
  return tableHtml({
    name: 'servers-amiss',
    title: 'Set aside',
    about: 'Tools that their servers list and no policy was offered, and what else is amiss with servers.',
    columns: [
      { key: 'server', title: 'Server', kind: 'text' },
      { key: 'tool', title: 'Tool', kind: 'text' },
      { key: 'why', title: 'Why', kind: 'text' },
    ],
    rows,
  });
}

function serverTable({ servers }: Manifest): Markup | null {
  return tableHtml(
    {
      name: 'servers',
      title: 'Servers',
      about: 'The MCP servers and the hash of their tool lists.',
      columns: [
        { key: 'server', title: 'Server', kind: 'text' },
        { key: 'package', title: 'Package', kind: 'text' },
        { key: 'tools', title: 'Tools', kind: 'count' },
        { key: 'hash', title: 'Schema hash', kind: 'text' },
      ],
      rows: Object.entries(servers).map(([server, { package: name, tools, schemaHash, listed }]) => ({
        server,
        package: listed ? `${name}, listed and not run` : name,
        tools,
        hash: schemaHash.slice(0, 16),
      })),
    },
    { file: 'manifest.json' },
  );
}
