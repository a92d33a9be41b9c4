import { readdirSync, readFileSync } from 'node:fs';

/** How a model writes conversations, as finetune/trl/dialect.py has it. */
export interface Dialect {
  readonly begin: boolean;
  readonly user: Turn;
  readonly assistant: Turn;
  readonly tool: Turn;
  readonly end: string;
  readonly call: {
    readonly before: string;
    readonly middle: string;
    readonly after: string;
    readonly between: string;
  };
}

interface Turn {
  readonly open: string;
  readonly close: string;
}

const folder = new URL('dialects/', import.meta.url);
const body = readFileSync(new URL('../../finetune/trl/template.jinja', import.meta.url), 'utf8');

/** Those that are known here by name. */
export const dialects: Readonly<Record<string, Dialect>> = Object.fromEntries(
  readdirSync(folder).map((file) => [
    file.replace(/\.json$/, ''),
    JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Dialect,
  ]),
);

/** The chat template in which a model of this dialect is trained. */
export const templateOf = (dialect: Dialect): string => `{%- set form = ${JSON.stringify(dialect)} -%}\n${body}`;

export const gemma = dialects['gemma-3'] as Dialect;
