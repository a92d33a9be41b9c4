/**
 * What must never reach a record, a report or a message: values that users' own servers were given. Known per thread; a
 * text is concealed before it leaves `envs/`.
 */
const labels = new Map<string, string>();
let forms: readonly (readonly [form: string, label: string])[] = [];

/** Shorter texts would be found in everything that a server says. */
const SHORTEST = 4;

/** From now on `value` is shown as `[secret NAME]`. A value of fewer than four characters cannot be told from other text. */
export function keepSecret(name: string, value: string): void {
  const text = value.trim();
  if (text.length < SHORTEST || labels.has(text)) return;
  labels.set(text, `[secret ${name}]`);
  // The longest first, lest a part of one be replaced before the whole.
  forms = [...labels]
    .flatMap(([secret, label]) => [...formsOf(secret)].map((form) => [form, label] as const))
    .sort((a, b) => b[0].length - a[0].length);
}

/** The text without any secret, however a server may have written it: in JSON (twice over), in a URL, in Base64. */
export function conceal(text: string): string {
  let result = text;
  for (const [form, label] of forms) if (result.includes(form)) result = result.replaceAll(form, () => label);
  return result;
}

/** The same for plain data. */
export function concealIn<T>(value: T): T {
  return forms.length === 0 || value === undefined ? value : (JSON.parse(conceal(JSON.stringify(value))) as T);
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

function formsOf(value: string): Set<string> {
  const base64 = Buffer.from(value).toString('base64').replace(/=+$/, '');
  return new Set([value, escaped(value), escaped(escaped(value)), encodeURIComponent(value), base64]);
}
