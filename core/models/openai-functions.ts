/** The endpoint where none is named. */
export const openAiUrl = 'https://api.openai.com/v1';

/** How many functions a request to an endpoint may have. */
export interface FunctionLimit {
  readonly most: number;
  /** The endpoint is known to refuse more; else it is only likely. */
  readonly isSure: boolean;
  readonly endpoint: string;
}

/** OpenAI takes 128; others with its API often take as many as it does. `named`: the address that a model's name gives, or ''. */
export function openAiFunctionLimit(named: string): FunctionLimit {
  const endpoint = named || process.env['OPENAI_BASE_URL'] || openAiUrl;
  return { most: 128, isSure: URL.parse(endpoint)?.hostname === new URL(openAiUrl).hostname, endpoint };
}
