import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = new URL('..', import.meta.url).pathname;
const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

const linter = JSON.parse(textOf('.oxlintrc.json')) as {
  readonly overrides: readonly {
    readonly files: readonly string[];
    readonly rules: {
      readonly 'no-restricted-imports'?: readonly [
        string,
        { readonly patterns: readonly { readonly group: readonly string[] }[] },
      ];
    };
  }[];
};
const rooms = [
  ...new Set(linter.overrides.flatMap(({ files }) => files.map((file) => file.split('/')[0] ?? ''))),
].filter((name) => !/^(?:docs|test|.*\.ts)$/.test(name));

/** Room → the rooms that the linter lets it import. */
const allowed = Object.fromEntries(
  rooms.map((room) => {
    const rule = linter.overrides.find(({ files }) => files[0]?.startsWith(`${room}/`))?.rules['no-restricted-imports'];
    const forbidden = rule?.[1].patterns.flatMap(({ group }) => group) ?? [];
    return [room, rooms.filter((other) => other !== room && !forbidden.includes(`**/${other}/**`)).sort()];
  }),
);

test('CONTRIBUTING lists who may import whom as the linter has it', () => {
  const listed = [...textOf('CONTRIBUTING.md').matchAll(/^([a-z-]+) +→ (.+)$/gm)].map(([, room = '', text = '']) => {
    const named =
      text === 'nobody' ? [] : text === 'all of them' ? rooms.filter((other) => other !== room) : text.split(', ');
    return [room, named.toSorted()] as const;
  });
  expect(Object.fromEntries(listed)).toEqual(allowed);
});

test('the picture of the house has the arrows that the linter has', () => {
  const picture = /```mermaid\n([\s\S]*?)```/.exec(textOf('docs/architecture.md'))?.[1] ?? '';
  const nameOf = new Map(
    [...picture.matchAll(/(\w+)\["<b>([a-z-]+)<\/b>/g)].map(([, id = '', name = '']) => [id, name]),
  );
  const arrows = [...picture.matchAll(/^ *(\w+)(?:\[.*\])? --> (.+)$/gm)].flatMap(([, from = '', to = '']) =>
    to.split(' & ').map((id) => [nameOf.get(from) ?? from, nameOf.get(id) ?? id] as const),
  );
  const reached = (room: string): string[] =>
    arrows.flatMap(([from, to]) => (from === room ? [to, ...reached(to)] : []));
  expect(Object.fromEntries(rooms.map((room) => [room, [...new Set(reached(room))].sort()]))).toEqual(allowed);
});

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...globSync('docs/**/*.md', { cwd: root })];

test('every link from a page to another file leads there', () => {
  const links = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, path = '']) => ({ page, path })),
  );
  const ours = links.filter(({ path }) => !/^[a-z]+:/.test(path));
  expect(ours.length).toBeGreaterThan(40);
  expect(ours.filter(({ page, path }) => !existsSync(join(root, dirname(page), path)))).toEqual([]);
});

test('every file and folder of ours that a page names is there', () => {
  const named = pages.flatMap((page) =>
    [...textOf(page).matchAll(/`([a-z-]+\/[\w./-]+)`/g)].map(([, path = '']) => ({ page, path })),
  );
  const ours = named.filter(({ path }) => rooms.includes(path.split('/')[0] ?? '') && !/NAME|reports\/runs/.test(path));
  expect(ours.length).toBeGreaterThan(60);
  expect(ours.filter(({ path }) => !existsSync(join(root, path)))).toEqual([]);
});
