import { contentHashOf, wholePlace } from '../../stages/evidence/piece.ts';
import type { Tool, ToolAnswer } from '../../stages/tools/tool.ts';
import type { McpSettings } from '../config/look-up-settings.ts';
import { mcpToolName } from './mcp/mcp-tool-name.ts';

const HOST = 'https://simulated.invalid';
const HITS = 2;
/** In the place of what a pattern leaves open. */
const ANY_NAME = 'any';

/** Tools as they are in a rehearsal: they ask nobody, cost nothing, and say in every text that it is invented. */
export function simulatedTools(tools: readonly Tool[]): readonly Tool[] {
  return tools.map((tool) => {
    const invent = INVENTED[tool.name] ?? (() => saidBy(tool.name));
    return { ...tool, price: 0, run: async (args) => invent(args) };
  });
}

/** The tools of a server that is not started: those that the settings name, for nobody asked it what it offers. */
export function simulatedServer(
  server: string,
  { allow = [], reach, timeoutMs }: McpSettings,
): readonly Tool[] {
  const named = allow.map((pattern) => pattern.replaceAll('*', ANY_NAME));
  const tools = named.map(
    (name): Tool => ({
      name: mcpToolName(server, name),
      version: 'simulated',
      description: `[simulated] The tool ${name} of the MCP server ${server}.`,
      parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
      ...{ reach, timeoutMs, price: 0 },
      run: async () => ({}),
    }),
  );
  return simulatedTools([...new Map(tools.map((tool) => [tool.name, tool])).values()]);
}

function saidBy(name: string): ToolAnswer {
  const text = `[simulated] This answer of ${name} is invented, and nothing can be learnt from it.`;
  return { pieces: [{ kind: 'tool', source: `tool:${name}`, title: name, text, ...wholePlace(text) }] };
}

type Args = Readonly<Record<string, unknown>>;

const INVENTED: Readonly<Record<string, (args: Args) => ToolAnswer>> = {
  web_search: ({ query }) =>
    answerOf(Array.from({ length: HITS }, (_, index) => addressOf(String(query), index + 1))),
  open_page: ({ url }) => answerOf([String(url)]),
};

function addressOf(query: string, number: number): string {
  return `${HOST}/${contentHashOf(query).slice(0, 8)}/${number}`;
}

function answerOf(urls: readonly string[]): ToolAnswer {
  const pieces = urls.map((url) => {
    const text = `[simulated] This page of the web is invented, and nothing can be learnt from it: ${url}`;
    const source = `page:${url.replace(/^https?:\/\//, '')}`;
    const title = '[simulated] An invented page';
    return { kind: 'page' as const, source, title, url, text, ...wholePlace(text) };
  });
  return { pieces, urls };
}
