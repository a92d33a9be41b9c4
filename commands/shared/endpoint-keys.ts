import { keepSecret } from '../../envs/processes/secrets.ts';

/**
 * Keys of endpoints, by the names of the models that are asked there (`openai:MODEL?key-env=NAME`): from now on they are concealed, also
 * where an endpoint says one. For recordings, which are shared.
 */
export function keepEndpointKeys(models: readonly string[]): void {
  const named = models.flatMap((model) => [...model.matchAll(/[?&]key-env=([^&|]+)/g)].map(([, name = '']) => name));
  for (const name of ['OPENAI_API_KEY', ...named]) keepSecret(name, process.env[name] ?? '');
}
