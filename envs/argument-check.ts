import { Ajv, type Options, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { messageOf } from '../core/errors.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { lenientPattern, modernised } from './schema-dialects.ts';

const options: Options = {
  strict: false,
  validateFormats: false,
  allErrors: true,
  addUsedSchema: false,
  logger: false,
  code: { regExp: lenientPattern },
};
const newest = new Ajv2020(options);
const of2019 = new Ajv2019(options);
const of07 = new Ajv(options);

/** In which of its forms a schema is written; most servers say nothing, and mean the newest or one that says the same in it. */
function dialectsOf({ $schema }: JsonObject): readonly (typeof newest | typeof of2019 | typeof of07)[] {
  const named = typeof $schema === 'string' ? $schema : '';
  if (/draft-0[4-7]/.test(named)) return [of07, newest];
  return /2019-09/.test(named) ? [of2019, newest] : [newest, of07];
}

const validators = new WeakMap<JsonObject, ValidateFunction | string>();
const MOST_FAULTS_SHOWN = 5;

/** Why nothing can be checked by a schema, or undefined. */
export function schemaFault(schema: JsonObject): string | undefined {
  const validator = validatorOf(schema);
  return typeof validator === 'string' ? validator : undefined;
}

/** What is wrong with arguments by their tool's schema, as one line; undefined when they fit. Compiled at first use. */
export const argumentFaults = (schema: JsonObject, args: JsonObject): string | undefined =>
  valueFaults(schema, args, 'arguments');

/** The same for any value, which `whole` names. */
export function valueFaults(schema: JsonObject, value: Json, whole: string): string | undefined {
  const validator = validatorOf(schema);
  if (typeof validator === 'string' || validator(value)) return undefined;
  const faults = (validator.errors ?? []).slice(0, MOST_FAULTS_SHOWN).map(({ instancePath, message, params }) => {
    const where = instancePath === '' ? whole : instancePath.slice(1).replaceAll('/', '.');
    const allowed: unknown = params['allowedValues'] ?? params['additionalProperty'];
    return `${where} ${message ?? 'is wrong'}${allowed === undefined ? '' : `: ${JSON.stringify(allowed)}`}`;
  });
  return [...new Set(faults)].join('; ');
}

function validatorOf(schema: JsonObject): ValidateFunction | string {
  const cached = validators.get(schema);
  if (cached !== undefined) return cached;
  const validator = compiled(schema);
  validators.set(schema, validator);
  return validator;
}

/** It is kept here as long as its schema is in use, and by Ajv no longer: aliased tasks have schemas of their own. */
function compiledBy(dialect: typeof newest | typeof of2019 | typeof of07, schema: JsonObject): ValidateFunction {
  const validator = dialect.compile(schema);
  dialect.removeSchema(schema);
  return validator;
}

/** The schema as it stands, in each form that it may be written in, and at last with the words of draft 4 put into newer ones. */
function compiled(schema: JsonObject): ValidateFunction | string {
  const { $schema: _dialect, $id: _id, ...body } = schema;
  let fault = '';
  for (const one of [body, modernised(body)])
    for (const dialect of dialectsOf(schema))
      try {
        return compiledBy(dialect, one);
      } catch (error) {
        fault ||= messageOf(error);
      }
  return fault;
}
