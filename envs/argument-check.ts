import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { messageOf } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';

const ajv = new Ajv2020({
  strict: false,
  validateFormats: false,
  allErrors: true,
  addUsedSchema: false,
  logger: false,
});
const validators = new WeakMap<JsonObject, ValidateFunction | string>();
const MOST_FAULTS_SHOWN = 5;

/** What is wrong with a schema itself, or undefined. */
export function schemaFault(schema: JsonObject): string | undefined {
  const validator = validatorOf(schema);
  return typeof validator === 'string' ? validator : undefined;
}

/** What is wrong with arguments by their tool's schema, as one line; undefined when they fit. Compiled at first use. */
export function argumentFaults(schema: JsonObject, args: JsonObject): string | undefined {
  const validator = validatorOf(schema);
  if (typeof validator === 'string' || validator(args)) return undefined;
  const faults = (validator.errors ?? []).slice(0, MOST_FAULTS_SHOWN).map(({ instancePath, message, params }) => {
    const where = instancePath === '' ? 'arguments' : instancePath.slice(1).replaceAll('/', '.');
    const allowed: unknown = params['allowedValues'] ?? params['additionalProperty'];
    return `${where} ${message ?? 'is wrong'}${allowed === undefined ? '' : `: ${JSON.stringify(allowed)}`}`;
  });
  return [...new Set(faults)].join('; ');
}

function validatorOf(schema: JsonObject): ValidateFunction | string {
  const cached = validators.get(schema);
  if (cached !== undefined) return cached;
  let validator: ValidateFunction | string;
  try {
    // Servers name draft-07 or nothing; what they use means the same in 2020-12, which alone is loaded.
    const { $schema: _dialect, $id: _id, ...body } = schema;
    validator = ajv.compile(body);
  } catch (error) {
    validator = messageOf(error);
  }
  validators.set(schema, validator);
  return validator;
}
