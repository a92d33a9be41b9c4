import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { tooDeep } from '../json.ts';
import { shapeSentences } from './checked-lines.ts';
import schema from './shapes.schema.json' with { type: 'json' };

/** What Toolstone writes and reads again. Other keys than the schema's may stand in it: newer versions add some. */
export type Shape = keyof typeof schema.$defs;

let ajv: Ajv2020 | undefined;
const validators = new Map<Shape, ValidateFunction>();

function validatorOf(shape: Shape): ValidateFunction {
  ajv ??= new Ajv2020({ verbose: true, logger: false, allowUnionTypes: true, strictRequired: false }).addSchema(schema);
  const known = validators.get(shape) ?? ajv.compile({ $ref: `${schema.$id}#/$defs/${shape}` });
  validators.set(shape, known);
  return known;
}

/**
 * What keeps a value from being what readers of that shape rely on, in words that follow "it"; `null` where nothing does. Files
 * are edited, cut and mixed up: whoever reads them shall be told so, and not by a fault of ours further on.
 */
export function shapeFault(shape: Shape, value: unknown): string | null {
  const deep = tooDeep(value);
  if (deep !== null) return deep;
  const validate = validatorOf(shape);
  return validate(value) ? null : (shapeSentences(validate.errors)[0] ?? 'has another shape.').replace(/\.$/, '');
}

/** The value where it has the shape. Throws `TypeError` in the words of `shapeFault`. */
export function shaped(shape: Shape, value: unknown): unknown {
  const fault = shapeFault(shape, value);
  if (fault === null) return value;
  throw new TypeError(`it ${fault}`);
}
