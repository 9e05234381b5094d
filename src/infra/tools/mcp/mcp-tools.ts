import { contentHashOf } from '../../../stages/evidence/piece.ts';
import { canonical } from '../../../stages/text/canonical-json.ts';
import type { Tool, ToolAnswer } from '../../../stages/tools/tool.ts';
import { Failure } from '../../../streams/failure.ts';
import type { McpSettings } from '../../config/look-up-settings.ts';
import { cachedAnswer } from '../cache/cached-answer.ts';
import type { LookUpCache } from '../cache/look-up-cache.ts';
import { refusedForGood } from '../refused-for-good.ts';
import { answerOfResult } from './mcp-answer.ts';
import type { McpServer, McpTool } from './mcp-server.ts';
import { mcpToolName } from './mcp-tool-name.ts';

const KEPT_DAYS = 7;
const MOST_DESCRIPTION = 2_000;

/**
 * The tools of a server that may be called. Rejects with a Failure: of kind `fatal` (`bad_setting`) that lists what it offers where nothing is
 * allowed, or what is allowed is not there.
 */
export async function mcpTools(
  server: McpServer,
  settings: McpSettings,
  kept: LookUpCache,
): Promise<readonly Tool[]> {
  const offered = await server.tools();
  return allowed(server.name, settings, offered).map((tool) => toolOf(server, settings, kept, tool));
}

/** A tool that may change something needs its full name: a pattern is written before all that it means is known. */
function allowed(server: string, { allow = [] }: McpSettings, all: readonly McpTool[]): readonly McpTool[] {
  const setting = `lookUpTools.mcp.${server}`;
  const offered = all.filter((tool) => !isTask(tool));
  const names = offered.map(({ name }) => name).join(', ') || 'no tools';
  const bad = (what: string) =>
    new Failure('fatal', 'bad_setting', `${setting}: ${what} It offers: ${names}.`);
  if (allow.length === 0) throw bad('say which tools may be called, as in "allow": ["search", "read_*"].');
  const meant = new Set<McpTool>();
  for (const pattern of allow) {
    const found = offered.filter(
      (tool) => tool.name === pattern || (isReadOnly(tool) && matchesPattern(pattern, tool.name)),
    );
    const why = pattern.includes('*')
      ? 'means no tool that is marked as read-only; others need their full name.'
      : all.some(({ name }) => name === pattern)
        ? 'runs only as a task of its own, which nobody waits for here.'
        : 'is not there.';
    if (found.length === 0) throw bad(`"allow" names ${JSON.stringify(pattern)}, which ${why}`);
    for (const tool of found) meant.add(tool);
  }
  return [...meant];
}

/** Whether a name is meant by a pattern, in which * stands for anything. */
function matchesPattern(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}

/** Such a tool answers with a ticket: https://modelcontextprotocol.io/specification/2025-11-25/basic/utilities/tasks */
function isTask({ execution }: McpTool): boolean {
  return execution?.taskSupport === 'required';
}

function isReadOnly({ annotations }: McpTool): boolean {
  return annotations?.readOnlyHint === true;
}

function toolOf(server: McpServer, settings: McpSettings, kept: LookUpCache, offered: McpTool): Tool {
  const { name, description = '' } = offered;
  const { prices, reach, timeoutMs, cacheable } = settings;
  const version = versionOf(offered);
  const price = Object.hasOwn(prices, name) ? (prices[name] ?? 0) : 0;
  const call = async (args: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<ToolAnswer> => {
    assertAsOffered(server.name, name, version, await server.tools());
    return answerOfResult(await server.call(name, args, signal), `${server.name}.${name}`);
  };
  return {
    name: mcpToolName(server.name, name),
    version,
    description: description.slice(0, MOST_DESCRIPTION).toWellFormed(),
    parameters: offered.inputSchema,
    ...{ reach, timeoutMs, price },
    server: `mcp:${server.name}`,
    run: async (args, { signal }) => {
      if (!cacheable.includes(name)) return call(args, signal);
      const request = { tool: `mcp:${server.name}.${name}`, version, args, days: KEPT_DAYS };
      return cachedAnswer(kept, request, `tool:${server.name}.${name}`, () => call(args, signal));
    },
  };
}

/** A server may have been started anew, as another. */
function assertAsOffered(server: string, name: string, version: string, offered: readonly McpTool[]): void {
  const now = offered.find((tool) => tool.name === name);
  if (now !== undefined && versionOf(now) === version) return;
  const what =
    now === undefined ? 'is not there any more' : 'has another definition than when the lane began';
  throw refusedForGood('tool_changed', `The tool ${name} of the MCP server ${server} ${what}.`);
}

/** Names what the tool says of itself: said otherwise, it is another tool. */
function versionOf({ description = '', inputSchema }: McpTool): string {
  return contentHashOf(description, canonical(inputSchema)).slice(0, 12);
}
