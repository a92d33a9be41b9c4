import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { messageOf, UsageError } from '../../core/errors.ts';
import { nameIn } from '../../core/settings.ts';
import type { ScoredTrajectory } from '../../core/trajectory.ts';
import type { Money } from '../../reports/end/types.ts';
import builtIn from './prices.json' with { type: 'json' };

/** Of a million tokens. */
export interface Price {
  readonly input: number;
  readonly output: number;
}

interface PriceTable {
  readonly date: string;
  readonly currency: string;
  readonly models: Readonly<Record<string, Price>>;
}

export interface Prices {
  /** What episodes of a policy cost, by the endpoint's counts, where it says some, else by ours. */
  readonly of: (policy: string, read: () => readonly ScoredTrajectory[]) => Money;
  /** A million tokens of a policy's model; `null` where nobody knows. */
  readonly price: (policy: string) => Price | null;
}

/**
 * Prices of the user's file, which goes before the table that comes with Toolstone. That table is of the vendor's own endpoint:
 * what OPENAI_BASE_URL names has prices of its own. Throws `UsageError` for a file that is no such table.
 */
export function pricesOf(path: string | undefined): Prices {
  const own = path === undefined ? null : { table: readPrices(path), source: basename(path) };
  const ours = { table: builtIn as PriceTable, source: 'built-in table' };
  const find = (policy: string) => {
    const model = modelIn(policy);
    for (const { table, source } of [...(own ? [own] : []), ...(isVendor(policy) ? [ours] : [])]) {
      const price =
        entry(table, policy) ?? entry(table, nameIn(policy)) ?? (model === null ? null : entry(table, model));
      if (price) return { price, currency: table.currency, source: `${source}, ${table.date}` };
    }
    return null;
  };
  return {
    price: (policy) => find(policy)?.price ?? null,
    of: (policy, read) => {
      const found = find(policy);
      if (!found) return { kind: policy.startsWith('openai:') ? 'unknown' : 'none' };
      const { price, currency, source } = found;
      return { kind: 'known', amount: read().reduce((sum, one) => sum + costOf(one, price), 0), currency, source };
    },
  };
}

/** Those of policies. Throws `UsageError` where a ceiling in money has none to go by. */
export function pricesFor(
  policies: readonly string[],
  prices: Prices,
  totalMoney: number | undefined,
): Record<string, Price> {
  const known = policies.map((policy) => [policy, prices.price(policy)] as const);
  const without = known.find(([policy, price]) => price === null && isModel(policy));
  if (totalMoney !== undefined && without)
    throw new UsageError(
      `No price is known of ${without[0]}, so that --total-money cannot hold: give it by --prices FILE.`,
    );
  return Object.fromEntries(known.flatMap(([policy, price]) => (price ? [[policy, price]] : [])));
}

const entry = ({ models }: PriceTable, name: string): Price | null =>
  Object.hasOwn(models, name) ? (models[name] ?? null) : null;

/** `openai:gpt-4o?effort=low` → `gpt-4o`; `null` for a policy that is no model. */
const modelIn = (policy: string): string | null => /^(?:openai|ollama|llama):(.+)$/s.exec(nameIn(policy))?.[1] ?? null;

/** Whether a policy asks a model, wherever that runs. */
const isModel = (policy: string): boolean => modelIn(policy) !== null;

const isVendor = (policy: string): boolean =>
  policy.startsWith('openai:') && !process.env['OPENAI_BASE_URL'] && !/[?&]base/i.test(policy);

const moneyFor = ({ input, output }: Price, promptTokens: number, outputTokens: number): number =>
  (promptTokens * input + outputTokens * output) / 1e6;

const costOf = ({ turns }: ScoredTrajectory, price: Price): number =>
  turns.reduce(
    (sum, { usage, tokens }) =>
      sum + moneyFor(price, usage?.promptTokens ?? tokens.prompt, usage?.outputTokens ?? tokens.output),
    0,
  );

const form =
  '{"date": "2026-01-31", "currency": "USD", "models": {"NAME": {"input": 0.1, "output": 0.4}}}, per million tokens';

const isAmount = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0;

function readPrices(path: string): PriceTable {
  let table: PriceTable;
  try {
    table = JSON.parse(readFileSync(path, 'utf8')) as PriceTable;
  } catch (error) {
    throw new UsageError(`Cannot read the prices ${path}: ${messageOf(error)}. They are ${form}.`, { cause: error });
  }
  const models = Object.entries((table as PriceTable | null)?.models ?? {});
  const wrong = models.find(([, price]) => !isAmount(price?.input) || !isAmount(price?.output));
  if (wrong)
    throw new UsageError(`${path}: the price of ${wrong[0]} lacks input or output, from 0. Prices are ${form}.`);
  if (models.length === 0 || typeof table.date !== 'string' || typeof table.currency !== 'string')
    throw new UsageError(`${path} is no table of prices. It is ${form}.`);
  return table;
}
