import { createHash } from 'node:crypto';
import type { TokenCounter } from '../../core/tokens/counter.ts';
import type { Tool } from '../../core/types.ts';
import type { Findings } from './findings.ts';
import { type Form, forms, namings } from './forms.ts';
import { type FormName, formNames, type Naming } from './form-names.ts';

/** Tokens of a tool's texts, each counted by itself as it stands in the form. */
export interface Parts {
  readonly name: number;
  readonly description: number;
  readonly parameters: number;
}

export interface ToolCost {
  readonly name: string;
  /** What the list grows by with the tool: its parts, and what the form writes around them. */
  readonly tokens: number;
  readonly parts: Parts;
  /** Beginning of the SHA-256 (hex) of all that its server says of it. */
  readonly hash: string;
}

export interface ServerCost {
  readonly name: string;
  readonly package: string;
  /** Of its tools and instructions. */
  readonly tokens: number;
  /** Of what it tells every client at the start. */
  readonly instructions: number;
  readonly tools: readonly ToolCost[];
}

/** A view's prompt before the first turn, its task left empty. */
export interface ViewCost {
  readonly view: string;
  readonly prompt: number;
  /** Those of them that are tools' schemas. */
  readonly schemas: number;
}

/** What servers cost a context: what `--json` prints and `--against` reads. */
export interface ContextCost {
  readonly version: 1;
  readonly tokenizer: { readonly name: string; readonly hash: string | null };
  readonly form: FormName;
  readonly names: Naming;
  /** Of all tools in the form, exactly, and all instructions. */
  readonly total: number;
  /** Of the total, what belongs to no tool: the form's words around the list. */
  readonly frame: number;
  readonly servers: readonly ServerCost[];
  /** Tokens of the tools in each form. */
  readonly forms: Readonly<Record<FormName, number>>;
  readonly views: readonly ViewCost[];
  readonly findings: Findings;
  /** Servers that did not start, and the sentence that says why. */
  readonly notStarted: readonly { readonly server: string; readonly why: string }[];
}

/** A server as it listed itself. */
export interface ListedServer {
  readonly name: string;
  readonly package: string;
  readonly tools: readonly Tool[];
  readonly instructions?: string;
}

export interface CostOptions {
  readonly counter: TokenCounter;
  readonly form: FormName;
  readonly names: Naming;
}

type Counted = Pick<ContextCost, 'tokenizer' | 'form' | 'names' | 'total' | 'frame' | 'servers' | 'forms'>;

/** Counts what servers' tools and instructions cost. The tokens of tools, `frame` and instructions add up to the total. */
export function countServers(servers: readonly ListedServer[], { counter, form, names }: CostOptions): Counted {
  const listed = servers.flatMap(({ tools }) => tools);
  const written = listed.map((tool) => ({ ...tool, name: namings[names](tool) }));
  const chosen: Form = forms[form];
  const growth = written.map((tool, index) => {
    // What stands before a tool may share tokens with its beginning; the first one is counted behind the last.
    const before = written.at(index - 1) ?? tool;
    return chosen.size([before, tool], counter) - chosen.size([before], counter);
  });
  let position = 0;
  const costs = servers.map(({ name, package: source, tools, instructions = '' }): ServerCost => {
    const toolCosts = tools.map((tool): ToolCost => {
      const index = position++;
      return {
        name: tool.name,
        tokens: growth[index] ?? 0,
        parts: partsOf(written[index] ?? tool, chosen, counter),
        hash: hashOf(tool),
      };
    });
    const ofInstructions = counter.count(instructions);
    return {
      name,
      package: source,
      tokens: sum(toolCosts.map(({ tokens }) => tokens)) + ofInstructions,
      instructions: ofInstructions,
      tools: toolCosts,
    };
  });
  const sizes = Object.fromEntries(formNames.map((one) => [one, forms[one].size(written, counter)]));
  const ofTools = sizes[form] ?? 0;
  return {
    tokenizer: { name: counter.source?.tokenizer ?? 'qwen3', hash: counter.source?.hash ?? null },
    form,
    names,
    total: ofTools + sum(costs.map(({ instructions }) => instructions)),
    frame: ofTools - sum(growth),
    servers: costs,
    forms: sizes as ContextCost['forms'],
  };
}

function partsOf({ name, description, inputSchema }: Tool, form: Form, { count }: TokenCounter): Parts {
  const text = (part: string) => count(form.text(part));
  return { name: text(name), description: text(description), parameters: count(form.parameters(inputSchema)) };
}

function hashOf({ name, title, description, inputSchema, outputSchema, annotations }: Tool): string {
  const all = JSON.stringify([name, title, description, inputSchema, outputSchema, annotations]);
  return createHash('sha256').update(all).digest('hex').slice(0, 16);
}

/** What a form writes around a tool's parts. */
export const restOf = ({
  tokens,
  parts: { name, description, parameters },
}: Pick<ToolCost, 'tokens' | 'parts'>): number => tokens - name - description - parameters;

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
