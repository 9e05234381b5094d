import { environmentVariable } from '../../../infra/config/environment-variable.ts';
import type { Settings } from '../../../infra/config/settings.ts';
import { asFailure } from '../../../streams/failure.ts';
import { type Check, failed, ok, warning } from './check.ts';

/** What research looks things up with: the key of the search is there, and the MCP servers offer what is allowed. Nothing is looked up. */
export const lookUps: Check = {
  name: 'look-ups',
  look: async ({ settings, simulated }) => {
    const { web, mcp = {} } = settings.lookUpTools;
    const servers = Object.entries(mcp);
    if (simulated && (web !== undefined || servers.length > 0))
      return warning(
        'the web is invented, and no MCP server is asked: a simulated model plays the agents',
        'leave out --dry-run',
      );
    const search = web === undefined ? [] : [await lookAtSearch(web)];
    return [...search, ...(await Promise.all(servers.map(lookAtServer)))];
  },
};

type McpServerSettings = NonNullable<Settings['lookUpTools']['mcp']>[string];
type Web = NonNullable<Settings['lookUpTools']['web']>;

async function lookAtSearch(web: Web) {
  const { settingsOfSearch } = await import('../../../infra/tools/web-tools.ts');
  try {
    const { provider, keyVariable, baseUrl } = settingsOfSearch(web);
    const by = keyVariable === undefined ? '' : `, with the key of ${keyVariable}`;
    return ok(`the web is searched by ${provider.name} at ${new URL(baseUrl).host}${by}`);
  } catch (error) {
    const { message } = asFailure(error);
    return failed(message, 'set it, or take lookUpTools.web out');
  }
}

async function lookAtServer([name, settings]: readonly [string, McpServerSettings]) {
  const [{ McpServer }, { mcpTools }, { LookUpCache }] = await Promise.all([
    import('../../../infra/tools/mcp/mcp-server.ts'),
    import('../../../infra/tools/mcp/mcp-tools.ts'),
    import('../../../infra/tools/cache/look-up-cache.ts'),
  ]);
  const server = new McpServer(name, settings, environmentVariable);
  try {
    const offered = (await server.tools()).map((tool) => tool.name);
    const tools = await mcpTools(server, settings, new LookUpCache());
    return ok(`the MCP server ${name} offers ${offered.join(', ')}; ${tools.length} of them may be called`);
  } catch (error) {
    return failed(asFailure(error).message, `mend lookUpTools.mcp.${name}, or start its server`);
  } finally {
    await server.close();
  }
}
