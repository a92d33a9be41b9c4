'use strict';
/**
 * Loaded into every server by NODE_OPTIONS=--require. Clock, file times and randomness become functions of the seed and
 * of what was read before, so that equal calls give equal bytes. `notifications/toolstone/reset` on stdin sets all of
 * them anew; it is read here, in order with the requests around it, and the server never sees it. Promises of file work are
 * fulfilled at once, without another thread.
 */
const crypto = require('node:crypto');
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const { isMainThread } = require('node:worker_threads');

const START_MILLISECONDS = Date.UTC(2026, 0, 5, 9, 0, 0);
const RESET_TEXT = '{"jsonrpc":"2.0","method":"notifications/toolstone/reset"';
const RESET_LINE = Buffer.from(RESET_TEXT);

/* ---- clock: one millisecond per read ---- */

let instant = START_MILLISECONDS;
const readClock = () => instant++;
const RealDate = Date;
RealDate.now = readClock;
globalThis.Date = new Proxy(RealDate, {
  apply: () => new RealDate(readClock()).toString(),
  construct: (target, list, newTarget) =>
    Reflect.construct(
      target,
      list.length === 0 ? [readClock()] : list,
      newTarget === globalThis.Date ? target : newTarget,
    ),
});
RealDate.prototype.constructor = globalThis.Date;
performance.now = () => readClock() - START_MILLISECONDS;
const elapsedNanoseconds = () => BigInt(readClock() - START_MILLISECONDS) * 1_000_000n;
process.hrtime = Object.assign(
  (earlier) => {
    const total = elapsedNanoseconds() - (earlier ? BigInt(earlier[0]) * 1_000_000_000n + BigInt(earlier[1]) : 0n);
    return [Number(total / 1_000_000_000n), Number(total % 1_000_000_000n)];
  },
  { bigint: elapsedNanoseconds },
);

/* ---- file times: the fixed instant ---- */

function fixTimes(stats) {
  if (!stats || typeof stats.mtimeMs !== 'number') return stats;
  for (const name of ['atimeMs', 'mtimeMs', 'ctimeMs', 'birthtimeMs']) stats[name] = START_MILLISECONDS;
  for (const name of ['atime', 'mtime', 'ctime', 'birthtime']) stats[name] = new RealDate(START_MILLISECONDS);
  return stats;
}
for (const name of ['stat', 'lstat', 'fstat']) {
  const [later, now, promised] = [fs[name], fs[`${name}Sync`], fs.promises[name]];
  fs[name] = (...list) => {
    const callback = list.pop();
    return later(...list, (error, stats) => callback(error, fixTimes(stats)));
  };
  fs[`${name}Sync`] = (...list) => fixTimes(now(...list));
  if (promised) fs.promises[name] = async (...list) => fixTimes(await promised(...list));
}

/* ---- folder listings: by name, where the file system would give its own order ---- */

const nameOf = (entry) => (typeof entry === 'string' ? entry : String(entry.name));
function byName(entries) {
  if (!Array.isArray(entries) || Buffer.isBuffer(entries[0])) return entries;
  return entries.sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}
const { readdir, readdirSync } = fs;
const readdirPromise = fs.promises.readdir;
fs.readdir = (...list) => {
  const callback = list.pop();
  return readdir(...list, (error, entries) => callback(error, byName(entries)));
};
fs.readdirSync = (...list) => byName(readdirSync(...list));
fs.promises.readdir = async (...list) => byName(await readdirPromise(...list));

/* ---- file system: in this thread, for handing a file in memory to another one costs more than reading it ---- */

/** Handles, streams, URLs and whatever may be called off go the long way, as does what is no path at all. */
const isPlain = (value) =>
  value === null ||
  typeof value === 'string' ||
  ArrayBuffer.isView(value) ||
  (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype && !('signal' in value)) ||
  value === undefined;
const atOnce = 'access appendFile copyFile lstat mkdir readFile readdir readlink rename rm rmdir stat unlink writeFile';
for (const name of [...atOnce.split(' '), 'realpath']) {
  const promised = fs.promises[name];
  const now = name === 'realpath' ? fs.realpathSync.native : fs[`${name}Sync`];
  fs.promises[name] = async (...list) =>
    list.every((value, place) => isPlain(value) || (place > 0 && typeof value === 'number'))
      ? now(...list)
      : promised(...list);
}

/* ---- randomness: a 32-bit mixing generator ---- */

let state = 0;
function nextWord() {
  state = (state + 0x9e3779b9) >>> 0;
  let word = state;
  word = Math.imul(word ^ (word >>> 16), 0x21f0aaad);
  word = Math.imul(word ^ (word >>> 15), 0x735a2d97);
  return (word ^ (word >>> 15)) >>> 0;
}
function fill(bytes) {
  for (let i = 0; i < bytes.length; i++) bytes[i] = nextWord() & 255;
  return bytes;
}
const bytesOf = (view) =>
  ArrayBuffer.isView(view) ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength) : new Uint8Array(view);
function uuid() {
  const bytes = fill(Buffer.alloc(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
const answer = (callback, value) => (callback ? process.nextTick(callback, null, value) : value);

Math.random = () => nextWord() / 2 ** 32;
crypto.randomBytes = (size, callback) => answer(callback, fill(Buffer.alloc(size)));
crypto.randomFillSync = (view, offset = 0, size) => {
  fill(bytesOf(view).subarray(offset, size === undefined ? undefined : offset + size));
  return view;
};
crypto.randomFill = (view, ...rest) => {
  const callback = rest.pop();
  answer(callback, crypto.randomFillSync(view, ...rest));
};
crypto.randomInt = (...list) => {
  const callback = typeof list.at(-1) === 'function' ? list.pop() : undefined;
  const [low, high] = list.length === 1 ? [0, list[0]] : list;
  return answer(callback, low + Math.floor(Math.random() * (high - low)));
};
crypto.randomUUID = uuid;
/**
 * A store of random bytes from which ids are cut (nanoid keeps one for its life) would carry its place from one episode
 * into the next. What is cut from a large array is therefore drawn at that moment, and filling it draws nothing.
 */
const STORE_BYTES = 1024;
function getRandomValues(view) {
  if (view.byteLength < STORE_BYTES || typeof view.subarray !== 'function') return (fill(bytesOf(view)), view);
  const { subarray } = Object.getPrototypeOf(view);
  Object.defineProperty(view, 'subarray', {
    value: (...range) => fill(Uint8Array.from(subarray.apply(view, range))),
    configurable: true,
  });
  return view;
}
for (const [name, value] of Object.entries({ getRandomValues, randomUUID: uuid })) {
  Object.defineProperty(crypto.webcrypto, name, { value, configurable: true, writable: true });
}

/* ---- SQL, where the server asks for it: functions that tell the time or draw, and no other file than the database ---- */

/** Calls a time function of SQLite with our instant for `now`; `places` are those of its time values. */
function timeFunction(reference, name, places) {
  const statements = new Map();
  return (...list) => {
    const now = new RealDate(instant).toISOString().slice(0, -1);
    for (const place of places) {
      if (place >= list.length || /^subsec(ond)?$/i.test(list[place])) list.splice(place, 0, now);
      else if (/^now$/i.test(list[place])) list[place] = now;
    }
    let statement = statements.get(list.length);
    if (!statement) {
      statement = reference.prepare(`SELECT ${name}(${list.map(() => '?').join(', ')}) AS value`);
      statement.setReadBigInts(true); // so that whole numbers stay whole
      statements.set(list.length, statement);
    }
    return statement.get(...list).value;
  };
}

function fixSql() {
  const sqlite = require('node:sqlite');
  const reference = new sqlite.DatabaseSync(':memory:');
  const places = {
    date: [0],
    time: [0],
    datetime: [0],
    julianday: [0],
    unixepoch: [0],
    strftime: [1],
    timediff: [0, 1],
  };
  const times = Object.entries(places).map(([name, where]) => [name, timeFunction(reference, name, where)]);
  const current = { current_date: 'date', current_time: 'time', current_timestamp: 'datetime' };
  const { SQLITE_ATTACH, SQLITE_DENY, SQLITE_FUNCTION, SQLITE_OK, SQLITE_PRAGMA } = sqlite.constants;
  /** Another file than the database that was opened. A plain VACUUM attaches one without a name, which is nobody's. */
  const reachesFile = (action, first, second) =>
    (action === SQLITE_ATTACH && first !== '') ||
    (action === SQLITE_FUNCTION && /^load_extension$/i.test(second)) ||
    (action === SQLITE_PRAGMA && /^(temp|data)_store_directory$/i.test(first));
  /** Both kinds of connections take functions in the same way. */
  const registerFunctions = (connection) => {
    for (const [name, work] of times) {
      connection.function(name, { varargs: true, deterministic: true, useBigIntArguments: true }, work);
    }
    for (const [name, time] of Object.entries(current)) {
      connection.function(name, { deterministic: true }, () => Object.fromEntries(times)[time]());
    }
    connection.function('random', () => BigInt.asIntN(64, (BigInt(nextWord()) << 32n) | BigInt(nextWord())));
    connection.function('randomblob', (size) => fill(Buffer.alloc(Math.max(1, Math.min(size, 1e6)))));
  };
  sqlite.DatabaseSync = class DatabaseSync extends sqlite.DatabaseSync {
    #authorizer = null;
    constructor(...list) {
      super(...list);
      if (this.isOpen) this.#confine();
    }
    open() {
      super.open();
      this.#confine();
    }
    /** The server asks and takes its questions away again; ours stay. */
    setAuthorizer(authorizer) {
      this.#authorizer = authorizer;
    }
    #confine() {
      super.setAuthorizer((...action) =>
        reachesFile(...action) ? SQLITE_DENY : (this.#authorizer?.(...action) ?? SQLITE_OK),
      );
      registerFunctions(this);
    }
  };
  // A package that brings SQLite itself has the functions, but no way to deny it other files: walls and checks do that.
  const modules = Object.getPrototypeOf(module);
  const { require: load } = modules;
  modules.require = function (request) {
    const loaded = load.call(this, request);
    if (request !== 'better-sqlite3') return loaded;
    return class Database extends loaded {
      constructor(...list) {
        super(...list);
        registerFunctions(this);
      }
    };
  };
  // Upkeep every few minutes of real time would read the clock in the middle of some episode.
  const { setInterval } = globalThis;
  globalThis.setInterval = (work, delay, ...list) => setInterval(work, delay < 60_000 ? delay : 2 ** 31 - 1, ...list);
}
if (process.env.TOOLSTONE_SQL === '1') fixSql();
syncBuiltinESMExports();

/* ---- reset in band ---- */

/** A server that has set an encoding gets text. */
const isReset = (chunk) =>
  typeof chunk === 'string'
    ? chunk.startsWith(RESET_TEXT)
    : Buffer.isBuffer(chunk) && chunk.subarray(0, RESET_LINE.length).equals(RESET_LINE);

function reset(line) {
  instant = START_MILLISECONDS;
  state = JSON.parse(line).params.seed >>> 0;
}

// Wrapping `emit` rather than listening for data: a listener would start the flow before the server listens.
if (isMainThread) {
  const { stdin } = process;
  const emit = stdin.emit.bind(stdin);
  stdin.emit = (event, chunk, ...rest) => {
    const end = event === 'data' && isReset(chunk) ? chunk.indexOf('\n') : -1;
    if (end === -1) return emit(event, chunk, ...rest);
    reset(chunk.slice(0, end).toString());
    const remainder = chunk.slice(end + 1);
    return remainder.length === 0 || emit(event, remainder, ...rest);
  };
}
