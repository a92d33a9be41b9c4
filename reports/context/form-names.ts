/** Ways to write a list of tools for a model; `forms.ts` has them. By themselves, since a command's help names them. */
export const formNames = ['openai', 'responses', 'anthropic', 'gemini', 'mcp', 'template', 'declarations'] as const;
export type FormName = (typeof formNames)[number];

/** What clients make of a tool's name. */
export const namingNames = ['tool', 'server__tool', 'mcp__server__tool'] as const;
export type Naming = (typeof namingNames)[number];
