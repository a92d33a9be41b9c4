import { DatabaseSync } from 'node:sqlite';
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { databaseFact, declarationFact, fileFact, rowFact, tableFact } from '../../core/facts.ts';
import { TaskFailure } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Files, World } from '../../core/types.ts';
import { hashTree } from '../../envs/state/files/tree.ts';
import { type Database, DATABASE_FILE } from '../../envs/state/sql/database.ts';
import { tableFacts } from '../../envs/state/sql/facts.ts';
import { compileTables, statedTableFacts } from '../../envs/state/sql/files.ts';
import { makeWorldFolders } from '../../envs/world-folders.ts';
import { openWorldPool } from '../../envs/world-pool.ts';

const orders: Database = {
  orders: {
    columns: [
      { name: 'id', type: 'INTEGER' },
      { name: 'who', type: 'TEXT' },
      { name: 'price', type: 'REAL' },
    ],
    rows: [
      [1, 'Ada', 2.5],
      [2, 'Bo “quoted”', 3],
      [2, 'Bo “quoted”', 3],
      [3, null, null],
    ],
  },
  'an "empty" one': { columns: [{ name: 'a b', type: 'TEXT' }], rows: [] },
};
const filesOf = (database: unknown): Files => ({ [DATABASE_FILE]: JSON.stringify(database) });

describe('a fixture of tables', () => {
  test('becomes the same bytes each time, and states what is in it', () => {
    const tree = compileTables(filesOf(orders));
    expect(hashTree(compileTables(filesOf(orders)))).toBe(hashTree(tree));
    // Committed, so that another version of SQLite shows when it writes otherwise.
    expect(hashTree(tree)).toBe('04e561f4687542e6dff34c00e6af7fd4b05e0f8730eb8dfc87df5ff2099cbe2a');
    const facts = [
      databaseFact(DATABASE_FILE),
      tableFact(DATABASE_FILE, 'orders', ['id INTEGER', 'who TEXT', 'price REAL']),
      tableFact(DATABASE_FILE, 'an "empty" one', ['a b TEXT']),
      rowFact(DATABASE_FILE, 'orders', [1, 'Ada', 2.5]),
      rowFact(DATABASE_FILE, 'orders', [2, 'Bo “quoted”', 3], 1),
      rowFact(DATABASE_FILE, 'orders', [2, 'Bo “quoted”', 3], 2),
      rowFact(DATABASE_FILE, 'orders', [3, null, null]),
    ].sort();
    expect(tableFacts(tree)).toEqual(facts);
    expect(statedTableFacts(filesOf(orders))).toEqual(facts);
  });

  test('is left to SQLite where a value is not of its column', () => {
    const odd = { t: { columns: [{ name: 'a', type: 'INTEGER' }], rows: [['12'], [1.5], ['x']] } };
    expect(statedTableFacts(filesOf(odd))).toBeUndefined();
    expect(tableFacts(compileTables(filesOf(odd)))).toContain(rowFact(DATABASE_FILE, 't', [12]));
  });

  test('that cannot be read is a fault of the task', () => {
    expect(() => compileTables({ [DATABASE_FILE]: 'no JSON' })).toThrow(TaskFailure);
    expect(() => compileTables(filesOf({ t: { columns: [{ name: 'a', type: 'TEXT' }], rows: [[1, 2]] } }))).toThrow(
      /tables of data.db cannot be made/,
    );
  });
});

describe('facts of a folder', () => {
  const tree = compileTables(filesOf(orders));

  test('a broken file is a fact, and so are other files and databases', () => {
    const broken = Buffer.from(tree.get(DATABASE_FILE) ?? '').fill(0xff, 100);
    const facts = tableFacts(
      new Map([
        [DATABASE_FILE, broken],
        ['other.db', Buffer.alloc(0)],
        ['hidden.txt', tree.get(DATABASE_FILE) as Buffer],
        ['a.csv', Buffer.from('a,b\n')],
      ]),
    );
    expect(facts).toContain(declarationFact(DATABASE_FILE, 'unreadable', '', ''));
    expect(facts).toContain(databaseFact('other.db'));
    expect(facts).toContain(rowFact('hidden.txt', 'orders', [1, 'Ada', 2.5]));
    expect(facts).toContain(fileFact('a.csv', 'a,b\n'));
  });

  test('hold what a write-ahead log keeps, and not what a journal takes back', () => {
    const folders = makeWorldFolders(() => undefined);
    const path = `${folders.main}/${DATABASE_FILE}`;
    const written = (settings: string, statement: string, companion: string) => {
      const connection = new DatabaseSync(path);
      connection.exec(`${settings}; CREATE TABLE IF NOT EXISTS t (a TEXT); ${statement}`);
      const files = new Map(
        [DATABASE_FILE, `${DATABASE_FILE}${companion}`].map((n) => [n, readFileSync(`${folders.main}/${n}`)]),
      );
      connection.close();
      return tableFacts(files);
    };
    try {
      const logged = written('PRAGMA journal_mode = wal', "INSERT INTO t VALUES ('kept')", '-wal');
      expect(logged).toContain(rowFact(DATABASE_FILE, 't', ['kept']));
      const many = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)`;
      const begun = written(
        'PRAGMA journal_mode = delete; PRAGMA cache_size = 10; PRAGMA cache_spill = 10',
        `BEGIN; ${many} INSERT INTO t SELECT 'begun ' || i FROM n; UPDATE t SET a = a || '!'`,
        '-journal',
      );
      expect(begun).toEqual([
        databaseFact(DATABASE_FILE),
        rowFact(DATABASE_FILE, 't', ['kept']),
        tableFact(DATABASE_FILE, 't', ['a TEXT']),
      ]);
    } finally {
      folders.remove();
    }
  });

  test('state views, triggers, indices, odd columns, and how many rows are too many', () => {
    const folders = makeWorldFolders(() => undefined);
    try {
      const connection = new DatabaseSync(`${folders.main}/x`);
      connection.exec(`CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT NOT NULL DEFAULT 'x', c);
        CREATE VIEW v AS SELECT a FROM t; CREATE INDEX i ON t (b);
        CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; END;
        INSERT INTO t(a, c) VALUES (9007199254740993, x'00ff');
        CREATE TABLE big (a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10005)
        INSERT INTO big SELECT i FROM n`);
      connection.close();
      const facts = tableFacts(new Map([['x.sqlite', readFileSync(`${folders.main}/x`)]]));
      for (const [kind, name] of ['view v', 'index i', 'trigger g'].map((one) => one.split(' ') as [string, string]))
        expect(
          facts.some((one) => one.startsWith(`["declared","x.sqlite","${kind}","${name}"`)),
          kind,
        ).toBe(true);
      expect(facts).toContain(
        tableFact('x.sqlite', 't', ['a INTEGER PRIMARY KEY', "b TEXT NOT NULL DEFAULT 'x'", 'c']),
      );
      expect(facts).toContain(rowFact('x.sqlite', 't', ['9007199254740993', 'x', "x'00ff'"]));
      expect(facts).toContain(declarationFact('x.sqlite', 'more rows', 'big', '10005'));
    } finally {
      folders.remove();
    }
  });
});

const select = async (world: World, query: string) => {
  const { text, isError } = await world.call('sqlite', 'execute_read_query', { query });
  return isError ? text : ((JSON.parse(text) as { result: { rows: unknown } }).result.rows as JsonObject[]);
};
const write = (world: World, query: string) => world.call('sqlite', 'execute_write_query', { query });
const worldOf = (rows: readonly (readonly string[])[], name = 'plum') => ({
  servers: ['sqlite'],
  files: { sqlite: filesOf({ [name]: { columns: [{ name: 'a', type: 'TEXT' }], rows } }) },
});

const look = async (world: World) => [
  await select(world, 'SELECT a FROM plum'),
  await select(world, "SELECT 'A' LIKE 'a' AS alike, random() % 1000 AS chance, datetime('now') AS time"),
  await world.call('sqlite', 'list_tables', { verbosity: 'detailed' }),
  await write(world, "INSERT INTO plum VALUES ('three')"),
];

describe('the server sqlite', () => {
  const pool = openWorldPool({ lanes: 1 });
  afterAll(() => pool.dispose());
  const plainPool = openWorldPool({ lanes: 1, level: 'arguments' });
  afterAll(() => plainPool.dispose());

  test('starts each episode from its own rows, whatever the one before read, wrote or left open', async () => {
    const [first, second] = [worldOf([['one'], ['two']]), worldOf([['uno'], ['dos']])];
    const harms: readonly ((world: World) => Promise<unknown>)[] = [
      (world) => select(world, 'SELECT a FROM plum'),
      (world) => write(world, "INSERT INTO plum VALUES ('harm')"),
      (world) => write(world, 'BEGIN').then(() => write(world, "INSERT INTO plum VALUES ('harm')")),
      (world) => world.call('sqlite', 'begin_transaction', {}).then(() => write(world, 'DELETE FROM plum')),
      (world) => write(world, 'PRAGMA case_sensitive_like = ON'),
      (world) => write(world, 'PRAGMA journal_mode = wal').then(() => write(world, "INSERT INTO plum VALUES ('harm')")),
      (world) =>
        world.call('sqlite', 'execute_schema_query', { query: "CREATE TEMP TABLE plum AS SELECT 'harm' AS a" }),
      (world) => world.call('sqlite', 'create_database', { path: 'other.db' }),
      (world) => world.call('sqlite', 'drop_table', { table: 'plum' }),
    ];
    const wanted = await pool.use(first, 1, look);
    const other = await pool.use(second, 1, look);
    expect(wanted[0]).toEqual([{ a: 'one' }, { a: 'two' }]);
    expect(other[0]).toEqual([{ a: 'uno' }, { a: 'dos' }]);
    for (const [index, harm] of harms.entries()) {
      await pool.use(first, 2, harm);
      expect(await pool.use(second, 1, look), `second after harm ${index}`).toEqual(other);
      await pool.use(second, 3, harm);
      expect(await pool.use(first, 1, look), `first after harm ${index}`).toEqual(wanted);
    }
  });

  test('does not reach another file by path or statement, in bubblewrap or not', async () => {
    const outside = makeWorldFolders(() => undefined);
    try {
      const path = `${outside.main}/outside.db`;
      for (const one of [pool, plainPool])
        await one.use(worldOf([['one']]), 1, async (world) => {
          const tries: readonly [string, JsonObject][] = [
            ['execute_write_query', { query: `/* x */ ;ATTACH '${path}' AS o` }],
            ['execute_schema_query', { query: `ATTACH '${path}' AS o` }],
            ['execute_write_query', { query: `VACUUM INTO '${path}'` }],
            ['execute_write_query', { query: `vacuum main -- x\n into '${path}'` }],
            ['create_database', { path }],
            ['backup_database', { backup_path: `../../${path}` }],
            ['export_csv', { table: 'plum', file_path: path }],
            ['import_csv', { table: 'plum', file_path: '/etc/passwd' }],
            ['list_databases', { directory: '..' }],
          ];
          for (const [tool, args] of tries)
            expect((await world.call('sqlite', tool, args)).text, JSON.stringify(args)).toMatch(/^Refused: /);
        });
      expect(() => readFileSync(path)).toThrow(/ENOENT/);
    } finally {
      outside.remove();
    }
  });

  test('leaves what its tools write as the facts that a plan expects', async () => {
    await pool.use(worldOf([['one'], ['two']]), 1, async (world) => {
      await write(world, "INSERT INTO plum VALUES ('three')");
      await world.call('sqlite', 'bulk_insert', { table: 'plum', data: [{ a: 'four' }] });
      await write(world, "UPDATE plum SET a = 'TWO' WHERE a = 'two'");
      await write(world, "DELETE FROM plum WHERE a = 'one'");
      const expected = worldOf([['TWO'], ['three'], ['four']]).files.sqlite;
      expect((await world.evidence())['sqlite']).toEqual(statedTableFacts(expected));
    });
  });
});
