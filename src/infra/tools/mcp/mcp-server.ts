import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { Failure } from '../../../streams/failure.ts';
import type { McpSettings } from '../../config/look-up-settings.ts';
import { packageFacts } from '../../package-facts.ts';
import { mcpFailure } from './mcp-failures.ts';

/** What a server offers, as it says it. */
export type McpTool = Awaited<ReturnType<Client['listTools']>>['tools'][number];
export type ToolResult = Awaited<ReturnType<Client['callTool']>>;

const MOST_PAGES = 20;
const MOST_START_MS = 60_000;
const MOST_WORDS = 300;
const UNSTARTED: ReadonlySet<string> = new Set(['mcp_timeout', 'mcp_gone']);
/** What the SDK would hand to every server, beside PATH and HOME. */
const UNTOLD = { LOGNAME: '', SHELL: '', TERM: '', USER: '' };

type Connected = Readonly<{ client: Client; tools: readonly McpTool[] }>;

/**
 * One server of the Model Context Protocol. It is started, or connected to, at its first use, and again after it has ended. It is offered
 * nothing: no sampling, no roots, no questions to the user. To be closed.
 */
export class McpServer {
  readonly name: string;
  readonly #settings: McpSettings;
  readonly #variable: (name: string) => string | undefined;
  #connected: Promise<Connected> | undefined;
  /** That of `#connected`, once it is there. */
  #client: Client | undefined;
  /** Of what the process that was started last has written for people. */
  #lastWords = '';

  /** @param variable what a variable of the environment holds. */
  constructor(name: string, settings: McpSettings, variable: (name: string) => string | undefined) {
    this.name = name;
    this.#settings = settings;
    this.#variable = variable;
  }

  /** What it offers now. Rejects with a Failure. */
  async tools(): Promise<readonly McpTool[]> {
    return (await this.#open()).tools;
  }

  /** Calls a tool, once. Rejects with a Failure, or with the reason of the signal. */
  async call(
    name: string,
    args: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
  ): Promise<ToolResult> {
    const { client } = await this.#open();
    const { timeoutMs } = this.#settings;
    try {
      return await client.callTool({ name, arguments: args }, undefined, { signal, timeout: timeoutMs });
    } catch (error) {
      signal.throwIfAborted();
      const failure = mcpFailure(error, this.name);
      // A server that was started anew elsewhere knows no session of before.
      if (failure.kind === 'transient' && failure.code !== 'mcp_timeout') this.#forget(client);
      throw failure;
    }
  }

  async close(): Promise<void> {
    const connected = await this.#connected?.catch(() => undefined);
    this.#connected = undefined;
    await connected?.client.close().catch(() => undefined);
  }

  #open(): Promise<Connected> {
    this.#connected ??= this.#connect().catch((error: unknown) => {
      this.#connected = undefined;
      throw this.#startFailure(error);
    });
    return this.#connected;
  }

  /** Of one that was started here and never answered: with its last words, and what it may lack. */
  #startFailure(error: unknown): Failure {
    const failure = mcpFailure(error, this.name);
    const { command, env = [] } = this.#settings;
    if (command === undefined || !UNSTARTED.has(failure.code)) return failure;
    const what = failure.code === 'mcp_gone' ? 'ended at its start' : 'did not answer after its start';
    const words = this.#lastWords.trim().split('\n').at(-1) ?? '';
    const said = words === '' ? '' : ` It said: ${words}`;
    const gets = ['PATH', 'HOME', ...env].join(', ');
    const message = `The MCP server ${this.name} ${what}.${said}\nOf the environment it gets ${gets} alone: what else it needs (HTTPS_PROXY, NODE_EXTRA_CA_CERTS, a token) is to be named in its env.`;
    return new Failure(failure.kind, failure.code, message, { ...failure.facts, told: failure.message });
  }

  async #connect(): Promise<Connected> {
    // It takes half a second to load: only who names a server pays for it.
    const { Client } = await import('@modelcontextprotocol/sdk/client/index.js');
    const client = new Client({ name: 'millrace', version: packageFacts().version }, { capabilities: {} });
    const timeout = Math.min(MOST_START_MS, this.#settings.timeoutMs);
    try {
      await client.connect(await this.#transport(), { timeout });
      const tools = await allTools(client, timeout);
      this.#client = client;
      client.onclose = () => this.#forget(client);
      return { client, tools };
    } catch (error) {
      await client.close().catch(() => undefined);
      throw error;
    }
  }

  async #transport(): Promise<Transport> {
    const { command, args = [], cwd, url, headers = {} } = this.#settings;
    if (command !== undefined) {
      const { StdioClientTransport } = await import('@modelcontextprotocol/sdk/client/stdio.js');
      const where = cwd === undefined ? {} : { cwd };
      const transport = new StdioClientTransport({
        command,
        args: [...args],
        env: this.#environment(),
        stderr: 'pipe',
        ...where,
      });
      this.#lastWords = '';
      transport.stderr?.on('data', (bytes: Buffer) => {
        this.#lastWords = `${this.#lastWords}${bytes.toString()}`.slice(-MOST_WORDS);
      });
      return transport;
    }
    const { StreamableHTTPClientTransport } = await import(
      '@modelcontextprotocol/sdk/client/streamableHttp.js'
    );
    const sent = Object.entries(headers).map(([name, variable]) => [name, this.#variable(variable) ?? '']);
    const transport = new StreamableHTTPClientTransport(new URL(url ?? ''), {
      requestInit: { headers: Object.fromEntries(sent) },
    });
    return transport as Transport;
  }

  #environment(): Record<string, string> {
    const named = (this.#settings.env ?? []).map((name) => [name, this.#variable(name) ?? ''] as const);
    return { ...UNTOLD, ...Object.fromEntries(named) };
  }

  #forget(client: Client): void {
    // Another may be at work by now.
    if (this.#client !== client) return;
    this.#client = undefined;
    this.#connected = undefined;
    void client.close().catch(() => undefined);
  }
}

async function allTools(client: Client, timeout: number): Promise<readonly McpTool[]> {
  const tools: McpTool[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const listed = await client.listTools(cursor === undefined ? {} : { cursor }, { timeout });
    tools.push(...listed.tools);
    cursor = listed.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
}
