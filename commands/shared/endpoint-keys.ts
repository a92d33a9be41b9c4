import { endpointKeys } from '../../core/models/open.ts';
import { keepSecret } from '../../envs/processes/secrets.ts';

/** From now on the keys of these models' endpoints are concealed, also where an endpoint says one: recordings are shared. */
export function keepEndpointKeys(models: readonly string[]): void {
  for (const { variable, key } of endpointKeys(models)) keepSecret(variable, key);
}
