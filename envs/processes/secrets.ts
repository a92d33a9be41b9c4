/**
 * What must never reach a record, a report or a message: values that users' own servers were given. Known per thread; a
 * text is concealed before it leaves `envs/`.
 */
import { haystackOf, type SecretForms, secretForms, type Span, spansOf } from './secret-forms.ts';
import { viewsOf } from './text-views.ts';

interface Secret {
  readonly name: string;
  readonly label: string;
  readonly forms: SecretForms;
}

const secrets = new Map<string, Secret>();

/** Shorter texts would be found in everything that a server says. */
const SHORTEST = 4;

/** Names, as marks show them, of the secrets that are kept during `namesKept`. */
let names: Set<string> | undefined;

/** What `make` gives, and the names of the secrets that it kept. */
export function namesKept<T>(make: () => T): { readonly made: T; readonly names: readonly string[] } {
  names = new Set();
  const made = make();
  return { made, names: [...names] };
}

/** From now on `value` is shown as `[secret NAME]`. A value of fewer than four characters cannot be told from other text. */
export function keepSecret(name: string, value: string): void {
  const text = value.trim();
  if (text.length < SHORTEST) return;
  const kept = secrets.get(text) ?? { name, label: `[secret ${name}]`, forms: secretForms(text) };
  secrets.set(text, kept);
  names?.add(kept.name);
}

/**
 * The text without any secret, however a server may have written it: in JSON, in a URL, in Base64 (within credentials, too), in
 * hexadecimal digits, also several of these over one another, in upper or lower case, and over the parts of one result.
 */
export function conceal(text: string): string {
  if (secrets.size === 0) return text;
  const found: (Span & { readonly label: string })[] = [];
  for (const haystack of viewsOf(text).map(haystackOf))
    for (const { label, forms } of secrets.values())
      for (const span of spansOf(forms, haystack)) found.push({ ...span, label });
  // The longest of those that begin together, lest a part of one be replaced before the whole.
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  let result = '';
  let end = 0;
  for (const span of found) {
    if (span.start >= end) result += text.slice(end, span.start) + span.label;
    end = Math.max(end, span.end);
  }
  return result + text.slice(end);
}

/** The same for plain data. */
export function concealIn<T>(value: T): T {
  return secrets.size === 0 ? value : (concealed(value) as T);
}

function concealed(value: unknown): unknown {
  if (typeof value === 'string') return conceal(value);
  if (Array.isArray(value)) return value.map(concealed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [conceal(key), concealed(inner)]));
}
