import { isPath, namesPlace } from './places.ts';

const SECRET_WORD =
  /keys?$|token|secret|passw|^pass$|passphrase|pwd|^o?auth(?!ors?$|ored$)|credential|private|^pats?$|cookie|session|dsn/i;

/** Whether a setting is called a key, a token, a password and the like, in one of its words: `apiKey`, `GITHUB_PAT`, `X-Auth`. */
export const hasSecretName = (name: string): boolean =>
  name
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .split(/[^A-Za-z]+/)
    .some((word) => SECRET_WORD.test(word));

/** What nobody keeps secret, whatever it is called, and what stands in nearly every text. */
const SWITCH = /^(true|false|yes|no|on|off|none|null)$/i;

/** Beginnings that providers give to their tokens, and those of keys and credentials in a standard's form. */
const TOKEN_START = new RegExp(
  [
    String.raw`^(?:(?:sk|pk|rk)[-_]|gh[oprsu]_|github_pat_|gl[a-z]{2,5}-|xox[a-z]-|xapp-|A[KS]IA|AIza|ya29\.|hf_|npm_|pypi-)\S{8}`,
    String.raw`^(?:dop_v1_|SG\.|eyJ|shp[a-z]{2}_|lin_api_|ntn_|secret_)\S{8}`,
    String.raw`^-----BEGIN |^[Bb]earer\s+\S{8}|^[Bb]asic\s+[\w+/]{12,}=*$`,
  ].join('|'),
);

/** So many letters and digits in words that mix them come from no person's keyboard. */
const FEWEST_MIXED = 16;

/**
 * Whether a text looks like a secret by itself: a token's beginning, an address with credentials, or many letters and digits mixed
 * without a space. Paths below `base`, names of files, words, numbers and plain addresses do not.
 */
function hasSecretShape(text: string, base: string): boolean {
  if (TOKEN_START.test(text)) return true;
  const address = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? URL.parse(text) : null;
  if (address)
    return address.username + address.password !== '' || [...address.searchParams.keys()].some(hasSecretName);
  const isFile = /^(~|\.{1,2})\/|\.[a-z]{1,5}\d?$/i.test(text) || namesPlace(text, base);
  if (isFile || /\s/.test(text)) return false;
  const mixed = text.split(/[^A-Za-z\d]+/).filter((word) => /[A-Za-z]/.test(word) && /\d/.test(word));
  return mixed.join('').length >= FEWEST_MIXED;
}

/**
 * Whether a setting is one to conceal, by its name or by its value. A path of this machine is none, so that a user sees which of
 * the files is copied; where the name says secret, only one that is written as a path.
 */
export function looksSecret(name: string, value: string, base: string): boolean {
  const text = value.trim();
  if (SWITCH.test(text)) return false;
  return hasSecretName(name) ? !(isPath(text) && namesPlace(text, base)) : hasSecretShape(text, base);
}
