import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { didYouMean } from '../../core/near-names.ts';
import schema from './schema.json' with { type: 'json' };
import type { Path } from './source.ts';

/** What is wrong at a place, its line left to whoever knows the text. */
export interface Fault {
  readonly path: Path;
  readonly what: string;
}

const validate = new Ajv2020({ allErrors: true, verbose: true, allowUnionTypes: true, logger: false }).compile(schema);

const DEEPEST = 60;
const MOST_VALUES = 3_000_000;

/** Faults of a value against the published schema. */
export function shapeFaults(value: unknown): Fault[] {
  if (validate(value)) return [];
  return (validate.errors ?? []).filter(isTold).map((error) => faultOf(error, value));
}

/** Whatever is no JSON, or more of it than anybody writes: a value with such faults is not to be looked at further. */
export function strangeFaults(top: unknown): Fault[] {
  const faults: Fault[] = [];
  let valuesLeft = MOST_VALUES;
  const look = (value: unknown, path: Path): void => {
    if (valuesLeft-- <= 0) return;
    if (path.length > DEEPEST) faults.push({ path: path.slice(0, 8), what: `is nested deeper than ${DEEPEST} levels` });
    else if (typeof value === 'number' && !Number.isFinite(value))
      faults.push({ path, what: `must be a number with an end, not ${value}` });
    else if (Array.isArray(value)) value.forEach((item, index) => look(item, [...path, index]));
    else if (typeof value === 'object' && value !== null) {
      if (!isPlain(value)) faults.push({ path, what: 'must be text, a number, true, false, null, a list or a map' });
      else
        for (const [key, inner] of Object.entries(value)) {
          if (key === '__proto__') faults.push({ path: [...path, key], what: 'is no key that may be used' });
          else look(inner, [...path, key]);
        }
    } else if (typeof value === 'bigint') faults.push({ path, what: 'is too large a number' });
  };
  look(top, []);
  if (valuesLeft <= 0) faults.push({ path: [], what: `holds more than ${MOST_VALUES} values, aliases followed` });
  return faults;
}

const isPlain = (value: object): boolean => [Object.prototype, null].includes(Object.getPrototypeOf(value) as object);

/** Those inside the branches of a choice, and the mere fact that a condition applied, only repeat what another says. */
const isTold = ({ schemaPath, keyword }: ErrorObject): boolean =>
  keyword !== 'if' && keyword !== 'propertyNames' && !/\/(?:oneOf|anyOf)\/\d+\//.test(schemaPath);

function faultOf(error: ErrorObject, top: unknown): Fault {
  const { keyword, params, data, parentSchema = {} } = error;
  const path = pathOf(error.instancePath, top);
  const allowed = (parentSchema as { description?: string }).description;
  const also = allowed === undefined ? '' : `. ${allowed}`;
  const at = (key: unknown) => [...path, String(key)];
  if (error.propertyName !== undefined)
    return { path: at(error.propertyName), what: `is no name that may stand here${also}` };
  switch (keyword) {
    case 'additionalProperties': {
      const key = String(params['additionalProperty']);
      const keys = Object.keys((parentSchema as { properties?: object }).properties ?? {});
      return { path: at(key), what: `unknown key.${didYouMean(key, keys)} Allowed: ${keys.join(', ')}.` };
    }
    case 'required':
      return {
        path,
        what: `lacks the key "${params['missingProperty']}"${aboutKey(parentSchema, params['missingProperty'])}`,
      };
    case 'dependentRequired':
      return { path: at(params['property']), what: `goes only with the key "${params['deps']}"` };
    case 'type': {
      const hint =
        params['type'] === 'string' && ['number', 'boolean'].includes(typeof data) ? '. Put it in quotes.' : also;
      return {
        path,
        what: `must be ${String(params['type']).split(',').map(article).join(' or ')}, not ${shown(data)}${hint}`,
      };
    }
    case 'enum':
    case 'const': {
      const values = (params['allowedValues'] ?? [params['allowedValue']]) as readonly unknown[];
      const near = typeof data === 'string' ? didYouMean(data, values.map(String)) : '';
      return {
        path,
        what: `must be ${values.map((value) => JSON.stringify(value)).join(' or ')}, not ${shown(data)}.${near}`,
      };
    }
    case 'oneOf':
    case 'not':
      return { path, what: `is right when it ${allowed}.` };
    default:
      return { path, what: `${error.message}${typeof data === 'object' ? '' : `, but is ${shown(data)}`}${also}` };
  }
}

function aboutKey(parent: object, key: unknown): string {
  const properties = (parent as { properties?: Record<string, { description?: string }> }).properties ?? {};
  const description = properties[String(key)]?.description;
  return description === undefined ? '' : `. ${description}`;
}

const article = (type: string): string =>
  ({
    object: 'a map',
    array: 'a list',
    string: 'text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
  })[type] ?? type;

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Ajv names places by JSON pointers, which do not tell an index from a key. */
function pathOf(pointer: string, top: unknown): Path {
  let value = top;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const isIndex = Array.isArray(value);
      value = (value as Record<string, unknown> | undefined)?.[key];
      return isIndex ? Number(key) : key;
    });
}
