import { createHash } from 'node:crypto';
import { type Fact, type Facts, fileFact } from '../facts.ts';
import type { Trajectory } from '../trajectory.ts';

/*
 * A record is one line, and a line must fit into a text of JavaScript's, whatever a policy or a server did. All in UTF-16 units,
 * which a line needs up to six bytes for.
 */

/** Of one text of a turn or an answer. */
export const MOST_TEXT_UNITS = 2 ** 20;
/** Of an episode's turns. */
export const MOST_TURN_UNITS = 2 ** 24;
/** Of the facts of all servers. */
export const MOST_FACT_UNITS = 2 ** 26;
/** Left of a text, or of a call's arguments, where the turns are too long together. */
const REST_UNITS = 1_000;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The beginning of a text, and how much there was. */
const cut = (text: string, units: number): string =>
  text.length <= units
    ? text
    : `${text.slice(0, units)}… [${text.length} characters, SHA-256 ${hashOf(text)}, of which the record holds the first ${units}]`;

/** The same object where it holds no more than a record may. Who judges an episode judges what this gives. */
export function boundedRecord(trajectory: Trajectory): Trajectory {
  const { turns, outcome, start, evidence } = trajectory;
  const units = unitsOf(turns);
  const longest = Math.max(units.longest, unitsOf(outcome).longest);
  const isShort = units.all <= MOST_TURN_UNITS && longest <= MOST_TEXT_UNITS;
  if (isShort && isFew(evidence) && (start === undefined || isFew(start))) return trajectory;
  const most = units.all <= MOST_TURN_UNITS ? MOST_TEXT_UNITS : REST_UNITS;
  return {
    ...trajectory,
    turns: bounded(turns, most),
    outcome: bounded(outcome, MOST_TEXT_UNITS),
    ...(start === undefined ? {} : { start: boundedFacts(start) }),
    evidence: boundedFacts(evidence),
  };
}

interface Units {
  all: number;
  longest: number;
}

function unitsOf(value: unknown, units: Units = { all: 0, longest: 0 }): Units {
  const note = (text: string) => {
    units.all += text.length;
    units.longest = Math.max(units.longest, text.length);
  };
  if (typeof value === 'string') note(value);
  else if (Array.isArray(value)) for (const one of value as readonly unknown[]) unitsOf(one, units);
  else if (typeof value === 'object' && value !== null)
    for (const [key, one] of Object.entries(value)) {
      note(key);
      unitsOf(one, units);
    }
  return units;
}

/** Texts cut; a call's arguments are left out as a whole where they are many. */
function bounded<T>(value: T, most: number): T;
function bounded(value: unknown, most: number): unknown {
  if (typeof value === 'string') return cut(value, most);
  if (Array.isArray(value)) return value.map((one) => bounded(one as unknown, most));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => {
      const isTooMuch = key === 'arguments' && most === REST_UNITS && unitsOf(one).all > REST_UNITS;
      return [cut(key, most), isTooMuch ? { '…': cut(JSON.stringify(one), most) } : bounded(one as unknown, most)];
    }),
  );
}

const unitsOfFacts = (facts: readonly Fact[]): number => facts.reduce((sum, { length }) => sum + length, 0);

const isFew = (facts: Facts): boolean =>
  Object.values(facts).reduce((sum, one) => sum + unitsOfFacts(one), 0) <= MOST_FACT_UNITS;

/**
 * The servers in their order; where there is no more room, the rest of a server's facts are told by number and hash. What
 * was looked up for checks is kept: without it nobody could say whether the task was done.
 */
function boundedFacts(facts: Facts): Facts {
  if (isFew(facts)) return facts;
  let room = MOST_FACT_UNITS - unitsOfFacts(facts[''] ?? []);
  return Object.fromEntries(
    Object.entries(facts).map(([server, all]) => {
      if (server === '') return [server, all];
      const most = all.findIndex(({ length }) => (room -= length) < 0);
      if (most < 0) return [server, all];
      const rest = all.slice(most);
      return [
        server,
        [
          ...all.slice(0, most),
          fileFact('(more than a record holds)', `[${rest.length} facts, SHA-256 ${hashOf(rest.join('\n'))}]`),
        ],
      ];
    }),
  );
}
