import type { Toolspace, View } from '../../core/types.ts';
import { callTool, finish } from '../view-parts/meta-tools.ts';
import type { ToolForm } from '../view-parts/tool-form.ts';
import { viewOf } from '../view-parts/view.ts';

/** Every schema in the system prompt from the start. */
export default viewOf('eager', {
  fresh: 'shown',
  metaTools: [callTool, finish],
  begin: ({ world, index, names, loaded, isLoaded }) => {
    for (const [server, toolNames] of index.names) names.set(server, toolNames);
    for (const tool of world.toolspace.tools) {
      loaded.push(tool);
      isLoaded.add(tool);
    }
  },
  system: (toolspace, _, form) => promptOf(toolspace, form).system,
  schemas: ({ toolspace, form }) => promptOf(toolspace, form).schemas,
  acts: {},
  advice: (server, tool) => `The schema of ${tool} on server ${server} is not loaded.`,
});

interface Prompt {
  readonly system: string;
  readonly schemas: View['schemas'];
}

const prompts = new WeakMap<ToolForm, WeakMap<Toolspace, Prompt>>();

function promptOf(toolspace: Toolspace, form: ToolForm): Prompt {
  const ofForm = prompts.get(form) ?? new WeakMap<Toolspace, Prompt>();
  prompts.set(form, ofForm);
  const cached = ofForm.get(toolspace);
  if (cached) return cached;
  const opening = 'You carry out tasks with the tools of several servers. When the task is done, call finish. Tools:';
  const schemas: { server: string; text: string }[] = [];
  const parts = toolspace.servers.map(({ name, summary }) => {
    const serverTools = toolspace.tools.filter((tool) => tool.server === name);
    const text = form.ofServer(serverTools, { toolspace, loaded: [] });
    schemas.push({ server: name, text });
    return `Server ${name}: ${summary}\n${text}`;
  });
  const prompt = { system: [opening, ...parts].join('\n'), schemas };
  ofForm.set(toolspace, prompt);
  return prompt;
}
