import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { newGuest, type Ending, type Guest, type Step } from './guest.ts';
import { GuestFault } from './interpreter.ts';
import { endOf, faultEnd, unreadEnd } from './endings.ts';
import type { ProgramLimits } from './limits.ts';
import type { Answer, OpenRequest, ProgramEnd, Request, Variables } from './messages.ts';
import { programSource } from './program-source.ts';
import { webAssembly } from './web-assembly.ts';

/**
 * A thread in which programs run: for one episode at a time an interpreter of its own, made while the episode before it or the
 * first call of a model still goes on. One that went wrong gives way to a new one with the variables that are JSON.
 */
const limits = workerData as ProgramLimits;
const port = parentPort;
if (port === null) throw new Error('guest-thread belongs into a worker thread');

const module = new webAssembly.Module(
  readFileSync(createRequire(import.meta.url).resolve('@jitl/quickjs-wasmfile-release-sync/wasm')),
);

/** Hours and days of the sandbox are those of UTC, on every machine: its interpreter asks this thread's clock for its zone. */
const zone = Date.prototype as unknown as Record<string, unknown>;
for (const part of ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'])
  zone[`get${part}`] = zone[`getUTC${part}`];
zone['getTimezoneOffset'] = () => 0;

const withoutTypes = await import('../../core/type-stripping.ts').then(
  (stripping) => stripping.withoutTypes,
  // Older versions of Node take no types out.
  () => undefined,
);

let opened: OpenRequest | undefined;
let next: Promise<Guest> | undefined;
let guest: Guest | undefined;
let variables: Variables = {};

const prepare = (): Promise<Guest> =>
  (next ??= newGuest(limits, module).catch((error: unknown) => {
    // Whoever needs one next tries again.
    next = undefined;
    throw error;
  }));

/** Makes one ready for later; what goes wrong is told to the program that needs it. */
const prepareForLater = (): void => void prepare().catch(() => undefined);

let opening: Promise<Guest> | undefined;

/** The interpreter of the episode, opened at its first use. Rejects with `GuestFault`. */
const ready = (): Promise<Guest> =>
  (opening ??= (async () => {
    if (!opened) throw new Error('no episode was opened');
    const fresh = await prepare();
    next = undefined;
    fresh.open(opened.seed, opened.servers, variables);
    guest = fresh;
    return fresh;
  })());

async function run(code: string): Promise<void> {
  if (code.length > limits.codeUnits)
    return tell(unreadEnd(`It has ${code.length} characters, and may have ${limits.codeUnits}.`));
  try {
    const one = await ready();
    const compiled = programSource(code, { isTaken: one.isTaken, withoutTypes });
    if ('fault' in compiled) return tell(unreadEnd(compiled.fault));
    step(one, () => one.run(compiled.source));
  } catch (error) {
    if (!(error instanceof GuestFault)) throw error;
    tell(faultEnd(error.kind, [], limits, renew()));
  }
}

function step(one: Guest, work: () => Step): void {
  try {
    const at = work();
    if ('calls' in at) send({ kind: 'calls', calls: at.calls });
    else ended(one, at.ended);
  } catch (error) {
    if (error instanceof SyntaxError) return tell(unreadEnd(`${error.message}.`));
    if (!(error instanceof GuestFault)) throw error;
    tell(faultEnd(error.kind, one.log(), limits, renew()));
  }
}

function ended(one: Guest, ending: Ending): void {
  const facts = { log: one.log(), lost: one.lost(), leftOver: one.leftOver(), opened: opened?.servers ?? [] };
  const changed = one.changed();
  if (changed !== '') return tell(endOf(ending, { ...facts, changed, gone: renew() }));
  // Whoever's variables cannot be read has none that live on beyond this interpreter.
  try {
    variables = one.variables();
  } catch (error) {
    if (!(error instanceof GuestFault)) throw error;
    return tell(endOf(ending, { ...facts, changed: 'its variables', gone: renew() }));
  }
  tell(endOf(ending, facts));
}

/** Drops the interpreter; gives the names of the variables that go with it. */
function renew(): readonly string[] {
  const gone = Object.keys(variables).filter((name) => variables[name] === null);
  variables = Object.fromEntries(Object.entries(variables).filter(([, json]) => json !== null));
  [guest, opening] = [undefined, undefined];
  prepareForLater();
  return gone;
}

const tell = (end: ProgramEnd): void => send({ kind: 'ended', end, variables });
const send = (answer: Answer): void => port.postMessage(answer);

port.on('message', (request: Request) => {
  switch (request.kind) {
    case 'open':
      [opened, guest, opening, variables] = [request, undefined, undefined, request.variables];
      // What goes wrong is told to the first program.
      ready().catch(() => undefined);
      break;
    case 'run':
      void run(request.code);
      break;
    case 'results':
      if (guest) {
        const one = guest;
        step(one, () => one.deliver(request.results));
      }
      break;
    case 'close':
      [opened, guest, opening, variables] = [undefined, undefined, undefined, {}];
      prepareForLater();
      break;
  }
});
prepareForLater();
