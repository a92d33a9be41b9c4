/** A program, or several of one episode, that would break out, use up or smuggle, and what the policy is told of the last. */
export interface Attempt {
  readonly what: string;
  readonly programs: readonly string[];
  /** Part of all that the policy is shown. */
  readonly says: string | RegExp;
}

const attempt = (what: string, says: string | RegExp, ...programs: readonly string[]): Attempt => ({
  what,
  programs,
  says,
});

const stopped = 'it took more steps than a program may';
const never = 'it awaits something that nothing will fulfil';
const anew = 'The sandbox was started anew';

/** Out of the sandbox. */
const escapes: readonly Attempt[] = [
  attempt('process', "ReferenceError: 'process' is not defined. A program has JavaScript itself", 'return process.env'),
  attempt('require', "'require' is not defined. A program has", "return require('fs').readFileSync('/etc/passwd')"),
  attempt('an import', 'Line 1, column 1: a program can neither import nor export', "import fs from 'fs'; return fs"),
  attempt('an export', 'a program can neither import nor export', 'export const a = 1'),
  attempt('an import as it runs', /program stopped.*(Error|undefined)/s, "return (await import('fs')).readFileSync"),
  attempt('import.meta', /^The program was not run\. Line 1/, 'return import.meta.url'),
  attempt('eval of the host', "'process' is not defined", "return eval('process.exit(1)')"),
  attempt('eval indirectly', "'process' is not defined", "return (0, eval)('process')"),
  attempt(
    'the constructor of a function',
    "'process' is not defined",
    "return (() => {}).constructor('return process')()",
  ),
  attempt(
    'the constructor of an async function',
    "'process' is not defined",
    "return (async () => {}).constructor('return process')()",
  ),
  attempt(
    'the constructor of a generator',
    "'process' is not defined",
    "return (function* () {}).constructor('return process')().next()",
  ),
  attempt('the constructor of a tool', "'process' is not defined", "return fs.echo.constructor('return process')()"),
  attempt(
    'the constructor of a result',
    "'process' is not defined",
    "return (await fs.echo()).constructor.constructor('return process')()",
  ),
  attempt(
    'the constructor of a failure',
    "'process' is not defined",
    "try { await fs.fail() } catch (e) { return e.constructor.constructor('return process')() }",
  ),
  attempt('the constructor of a log', "'process' is not defined", "return console.log.constructor('return process')()"),
  attempt('this of a function', 'undefined', 'return String((function () { return this.process }).call(null))'),
  attempt('globalThis', 'undefined undefined', 'return `${globalThis.process} ${globalThis.fetch}`'),
  attempt('a stack of the host', /^(?!.*(node:|file:|\.ts))/s, 'try { null.x } catch (e) { return e.stack }'),
  attempt(
    'prepareStackTrace',
    /^(?!.*(node:|file:|\.ts))/s,
    'Error.prepareStackTrace = (_, s) => String(s[0]?.getThis?.()); try { null.x } catch (e) { return String(e.stack) }',
  ),
  attempt(
    'arguments.callee.caller',
    /TypeError|null|undefined/,
    'return (function () { return String(arguments.callee.caller) })()',
  ),
  attempt('the bridge', "'host' is not defined", 'return host.call(0, "fs", "echo", "{}")'),
  attempt('the network', "'fetch' is not defined. A program has", "return fetch('http://127.0.0.1')"),
  attempt('another thread', "'Worker' is not defined", "return new Worker('x')"),
  attempt('WebAssembly', "'WebAssembly' is not defined. A program has", 'return WebAssembly.Memory'),
  attempt('shared memory', "'SharedArrayBuffer' is not defined. A program has", 'return new SharedArrayBuffer(8)'),
  attempt('waiting on memory', "'Atomics' is not defined. A program has", 'return Atomics.wait'),
  attempt('a timer', "'setTimeout' is not defined. A program has", 'setTimeout(() => fs.echo(), 1)'),
];

/** More than its share. */
const exhaustions: readonly Attempt[] = [
  attempt('a loop without an end', stopped, 'while (true);'),
  attempt('a loop that catches', stopped, 'for (;;) try { while (true); } catch {}'),
  attempt(
    'promises without an end',
    /steps|48 MB/,
    'const again = () => Promise.resolve().then(again); return again()',
  ),
  attempt('a generator without an end', stopped, 'return [...(function* () { for (;;); })()]'),
  attempt('a getter without an end', stopped, 'return JSON.stringify({ get a() { for (;;); } })'),
  attempt('a loop in toJSON as it returns', stopped, 'return { toJSON() { for (;;); } }'),
  attempt('a slow pattern', /steps than a program may|false/, "return /^(a+)+$/.test('a'.repeat(21) + '!')"),
  attempt(
    'a list that grows',
    'it needs more than the 48 MB',
    'let all = []; for (;;) all.push(new Array(1e5).fill(1))',
  ),
  attempt('a text that grows', /48 MB|string too long/, "let text = 'x'; for (;;) text += text + text.length"),
  attempt('a list of a billion', /48 MB|out of memory|steps/i, 'return new Array(1e9).fill(1).length'),
  attempt('a buffer of a gigabyte', /48 MB|out of memory|invalid array/i, 'return new ArrayBuffer(1e9).byteLength'),
  attempt('many buffers', /48 MB|out of memory/i, 'const kept = []; for (;;) kept.push(new Uint8Array(1e6))'),
  attempt(
    'a map that grows',
    /48 MB|steps/,
    'const map = new Map(); for (let i = 0; ; i++) map.set(i, `${i}`.repeat(1000))',
  ),
  attempt('a recursion without an end', 'stack overflow', 'const deep = () => deep() + 1; return deep()'),
  // Tens of thousands of levels may do, by how far the interpreter was compiled by then.
  attempt(
    'nesting without an end',
    /too deeply|no JSON|48 MB/,
    'let nest = []; for (let i = 0; i < 3e5; i++) nest = [nest]; return nest',
  ),
  attempt('JSON that is nested', /too deeply|Error|48 MB/, "return JSON.parse('['.repeat(3e5) + ']'.repeat(3e5))"),
  attempt('50 MB returned', /characters, of which these are the first|48 MB/, "return 'x'.repeat(2e7)"),
  attempt(
    'many lines logged',
    'more lines were logged than are kept',
    "for (let i = 0; i < 500; i++) console.log('x'.repeat(1000))",
  ),
  attempt('a program of a megabyte', 'It has 1000000 characters, and may have 100000', ' '.repeat(1e6)),
  attempt('brackets without an end', /^The program was not run/, '('.repeat(20_000)),
  attempt('a wait without an end', never, 'await new Promise(() => {})'),
  attempt('a thenable that never answers', never, 'return { then() {} }'),
];

/** Into later programs, into the context, past the record. */
const smuggling: readonly Attempt[] = [
  attempt(
    'a method of lists',
    `changed Array.prototype.map, which belongs to JavaScript itself. ${anew}`,
    'Array.prototype.map = () => 1; return 1',
  ),
  attempt(
    'a property of all objects',
    `changed Object.__proto__.__proto__, which`.slice(0, 8),
    'Object.prototype.extra = 1; return 1',
  ),
  attempt('a property by __proto__', anew, '({}).__proto__.polluted = 1; return 1'),
  attempt(
    'a getter in all objects',
    anew,
    "Object.defineProperty(Object.prototype, 'then', { get() { return undefined }, configurable: true }); return 1",
  ),
  attempt('frozen prototypes', anew, 'Object.freeze(Array.prototype); return 1'),
  attempt('another JSON', anew, 'JSON.stringify = () => "forged"; return { real: 1 }'),
  attempt('another parse of results', anew, 'JSON.parse = () => "forged"; return (await fs.echo()).tool'),
  attempt('another Promise', anew, 'Promise.prototype.then = function () { return 1 }; return 1'),
  attempt('another Date', anew, 'Date.now = () => 0; return 1'),
  attempt('another chance', anew, 'Math.random = () => 0.5; return 1'),
  attempt('another console', anew, 'console.log = () => {}; return 1'),
  attempt('no Object', anew, 'globalThis.Object = null; return 1'),
  attempt(
    'a server replaced',
    'fs is a server: give the variable another name',
    "globalThis.fs = { echo: () => 'forged' }; return fs.echo()",
  ),
  attempt('a server redefined', 'TypeError', "Object.defineProperty(globalThis, 'fs', { value: 1 })"),
  attempt('a tool replaced', 'fs is a server, and nothing can be kept in it', "fs.echo = () => 'forged'"),
  attempt(
    'a function that a fault loses',
    'but for held, lost since no JSON says what it was',
    'const held = () => 1; return 1',
    'while (true);',
  ),
  attempt('a function', 'what it returned is no JSON (it is a function)', 'return () => 1'),
  attempt('a symbol', 'what it returned is no JSON (it is a symbol)', 'return Symbol.iterator'),
  attempt('a BigInt', 'what it returned is no JSON (it is a bigint)', 'return 1n'),
  attempt('a BigInt within', 'what it returned is no JSON', 'return { a: [1n] }'),
  attempt('a cycle', 'what it returned is no JSON', 'const round = {}; round.round = round; return round'),
  attempt(
    'a getter that throws',
    'what it returned is no JSON (Error: mine)',
    "return { get a() { throw new Error('mine') } }",
  ),
  attempt(
    'an error whose words throw',
    'something that has no words',
    'throw { get name() { throw 1 }, get message() { throw 2 } }',
  ),
  attempt('a text that is thrown', 'The program stopped. plain', "throw 'plain'"),
  attempt(
    'arguments in a cycle',
    'The arguments of fs.echo are no JSON',
    'const round = {}; round.round = round; await fs.echo(round)',
  ),
  attempt('arguments that are a BigInt', 'The arguments of fs.echo are no JSON', 'await fs.echo({ n: 1n })'),
  attempt('several arguments', 'fs.echo takes one object of arguments', 'await fs.echo({}, {})'),
  attempt(
    'calls that nobody awaits',
    '2 calls were not carried out, since the program ended without awaiting them',
    'fs.echo(); fs.echo(); return 1',
  ),
  attempt(
    'a call after the end',
    never,
    'let late; const gate = new Promise((go) => { late = go }); gate.then(() => fs.echo()); return 1',
    'late(); await new Promise(() => {})',
  ),
  attempt(
    'an end of a program in a later one',
    /^second$/,
    "let go; await new Promise((resolve) => { go = resolve }); return 'first'",
    "go(); await fs.echo(); return 'second'",
  ),
  attempt(
    'a failure that nobody awaits',
    'A call failed, and the program did not await it: fs.fail: no such thing',
    'fs.fail(); await fs.echo(); return 1',
  ),
  attempt('a rejection that nobody awaits', /^1$/, "Promise.reject(new Error('mine')); return 1"),
  attempt(
    'a result that is changed',
    '{"tool":"echo","args":{}}',
    'const first = await fs.echo(); first.tool = 2; return await fs.echo()',
  ),
  attempt(
    'a property that is not there',
    'The result of fs.echo has no "lines". It is {tool: text, args: {}}',
    'return (await fs.echo()).lines.length',
  ),
  attempt(
    'code that cannot be read',
    'The program was not run. Line 2, column 10: Unexpected token.',
    'const a = 1;\nreturn ((;',
  ),
  attempt('a name that is nobody', "'fss' is not defined. Did you mean the server fs?", 'await fss.echo()'),
  attempt('strict code', /^2$/, "'use strict'; undeclared = 2; return undeclared"),
  attempt('a server called __proto__', /^{"tool":"echo"/, 'return await __proto___.echo()'),
  attempt('a tool called __proto__', /^{"tool":"__proto__"/, 'return await fs.__proto__()'),
  attempt('a tool called constructor', /^{"tool":"constructor"/, 'return await fs.constructor()'),
];

export const attempts: readonly Attempt[] = [...escapes, ...exhaustions, ...smuggling];
