import type { PieceFinder } from '../../stages/evidence/finder.ts';
import { CONTEXT_SOURCE } from '../../stages/evidence/shown.ts';
import type { LookUpRepository } from '../../stages/store/look-up-repository.ts';
import type { Tool } from '../../stages/tools/tool.ts';
import { openAll } from '../../streams/closing.ts';
import { errorText, Failure } from '../../streams/failure.ts';
import { environmentVariable } from '../config/environment-variable.ts';
import { type McpSettings, pageSettingsOf } from '../config/look-up-settings.ts';
import { secretsOf } from '../config/secrets.ts';
import type { Settings } from '../config/settings.ts';
import { LookUpCache } from './cache/look-up-cache.ts';
import { openDocument } from './documents/open-document.ts';
import { searchDocuments } from './documents/search-documents.ts';
import { SafeFetch } from './fetch/safe-fetch.ts';
import { ownFetch } from './own/own-fetch.ts';
import type { OwnTool } from './own/tool-definition.ts';
import { toolSlot } from './own/tool-slot.ts';
import { simulatedServer, simulatedTools } from './simulated-tools.ts';
import { webTools } from './web-tools.ts';
import { withinBounds } from './within-bounds.ts';

/** What research may look things up with in this process. To be closed. */
export type Toolbox = Readonly<{ tools: readonly Tool[]; close(): Promise<void> }>;

export type ToolboxDeps = Readonly<{
  /** Where documents are searched; absent where none are indexed. */
  finder?: PieceFinder | undefined;
  /** Where look-ups are kept. Absent: nowhere. */
  lookUps?: Pick<LookUpRepository, 'find' | 'keep'> | undefined;
  /** Nothing real is asked, but the documents. */
  simulated: boolean;
  /** Tools of this pipeline alone, beside those of plugins. */
  own?: readonly OwnTool[] | undefined;
}>;

/**
 * Opens the tools that the settings name: MCP servers are started, and nothing else is asked yet. Rejects with Failures of kind `fatal` that
 * say what to change: `bad_setting`, `no_key`, `documents_with_web`, `mcp_command_missing` …
 */
export async function openToolbox(settings: Settings, deps: ToolboxDeps): Promise<Toolbox> {
  return openAll(async (opened) => {
    const fetch = new SafeFetch({ allowPrivate: pageSettingsOf(settings.lookUpTools)?.allowPrivate });
    opened.defer(() => fetch.close());
    const kept = new LookUpCache(deps.lookUps);
    const documents = documentTools(settings, deps);
    const web = webTools(settings, { fetch, kept });
    opened.defer(() => web.close());
    const own = ownTools(deps, fetch, kept);
    const servers = Object.entries(settings.lookUpTools.mcp ?? {});
    const others = deps.simulated
      ? [...simulatedTools([...web.tools, ...own]), ...servers.flatMap((each) => simulatedServer(...each))]
      : [...web.tools, ...(await mcpToolsOf(servers, kept, opened)), ...own];
    const tools = [...documents, ...others];
    assertApart(settings, documents, others);
    assertNamesApart(tools);
    await assertSchemas(others);
    const secrets = secretsOf(settings);
    return { tools: tools.map((tool) => withinBounds(tool, secrets)), close: () => opened.disposeAsync() };
  });
}

function documentTools({ researchSource }: Settings, { finder }: ToolboxDeps): readonly Tool[] {
  const isContextAlone = researchSource?.every((name) => name === CONTEXT_SOURCE) === true;
  if (finder === undefined || isContextAlone) return [];
  const read = finder.read?.bind(finder);
  return [searchDocuments(finder), ...(read === undefined ? [] : [openDocument(read)])];
}

type Opened = Readonly<{ defer(close: () => unknown): void }>;

async function mcpToolsOf(
  servers: readonly (readonly [string, McpSettings])[],
  kept: LookUpCache,
  opened: Opened,
): Promise<readonly Tool[]> {
  if (servers.length === 0) return [];
  const [{ McpServer }, { mcpTools }] = await Promise.all([
    import('./mcp/mcp-server.ts'),
    import('./mcp/mcp-tools.ts'),
  ]);
  const all = servers.map(async ([name, settings]) => {
    const server = new McpServer(name, settings, environmentVariable);
    opened.defer(() => server.close());
    return mcpTools(server, settings, kept);
  });
  return (await Promise.all(all)).flat();
}

function ownTools({ own = [] }: ToolboxDeps, fetch: SafeFetch, kept: LookUpCache): readonly Tool[] {
  return [...toolSlot.parts.values(), ...own].map((tool) => tool.open({ fetch: ownFetch(fetch), kept }));
}

/** What documents say could be sent away by what the same model calls. */
function assertApart(
  { documentsWithWeb }: Settings,
  documents: readonly Tool[],
  others: readonly Tool[],
): void {
  if (documentsWithWeb === 'allow' || documents.length === 0) return;
  if (!others.some(({ reach }) => reach === 'web')) return;
  const message =
    'Your documents and web tools in one conversation: their text can reach the web. Set documentsWithWeb to "allow" if that is right, or leave one out.';
  throw new Failure('fatal', 'documents_with_web', message);
}

function assertNamesApart(tools: readonly Tool[]): void {
  const names = new Set<string>();
  for (const { name } of tools) {
    if (names.has(name)) {
      const message = `Two tools are called ${name}: give one of them another name.`;
      throw new Failure('fatal', 'bad_setting', message);
    }
    names.add(name);
  }
}

/** What a model is to say as arguments is checked by these: a schema that cannot be used would fail every question. */
async function assertSchemas(tools: readonly Tool[]): Promise<void> {
  if (tools.length === 0) return;
  const { schemaChecker } = await import('../../stages/question-parts/schema-checker.ts');
  for (const { name, parameters } of tools)
    try {
      schemaChecker(parameters);
    } catch (cause) {
      const message = `The arguments of the tool ${name} cannot be checked: ${errorText(cause)}. Leave it out, or give it another schema.`;
      throw new Failure('fatal', 'bad_setting', message, { cause });
    }
}
