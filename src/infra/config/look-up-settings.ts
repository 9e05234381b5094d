import { z } from 'zod';
import { positive, requestsPerMinute, variableName } from './agent-settings.ts';

const usd = z.number().nonnegative();
const days = positive.max(3_650);
const host = z.string().regex(/^[a-z0-9.-]+$/i, 'expected hosts without a scheme, such as example.org');
const place = z
  .string()
  .regex(/^(?:[a-z0-9.-]+|\[[0-9a-f:]+\]):\d{1,5}$/i, 'expected host:port, such as wiki.local:8080');
const url = z.url({ protocol: /^https?$/, error: 'expected a URL like http://localhost:8888' });

const web = z.strictObject({
  provider: z.string().min(1, 'expected searxng, brave, tavily, or a provider of a plugin'),
  baseUrl: url.optional(),
  keyVariable: variableName.optional(),
  price: usd.optional(),
  requestsPerMinute: requestsPerMinute.optional(),
  keepDays: days.default(7),
});

const page = z.strictObject({
  /** Of these alone, with what is below them. Absent: of all. */
  hosts: z.array(host).min(1).optional(),
  denyHosts: z.array(host).default([]),
  /** Any page of these, also one that no result showed. */
  freeHosts: z.array(host).default([]),
  /** On a private network. */
  allowPrivate: z.array(place).default([]),
  respectRobots: z.boolean().default(true),
  keepDays: days.default(30),
  maxMiB: positive.max(100).default(5),
  pdfMaxMiB: positive.max(100).default(20),
});

const mcp = z
  .strictObject({
    /** What is started, and spoken to by its standard input and output. */
    command: z.string().min(1).optional(),
    args: z.array(z.string()).optional(),
    cwd: z.string().optional(),
    /** Names of variables that it gets, beside PATH and HOME. */
    env: z.array(variableName).optional(),
    /** Or where it is spoken to by HTTP. */
    url: url.optional(),
    /** By header the name of the variable that holds its value. */
    headers: z.record(z.string().regex(/^[\w-]+$/, 'expected names of headers'), variableName).optional(),
    /** Which of its tools may be called. */
    allow: z.array(z.string().min(1)).optional(),
    reach: z.enum(['web', 'local'], 'expected web or local').default('web'),
    prices: z.record(z.string(), usd).default({}),
    cacheable: z.array(z.string()).default([]),
    timeoutMs: positive.max(3_600_000).default(60_000),
  })
  .refine(
    ({ command, url: address }) => (command === undefined) !== (address === undefined),
    'expected a command that starts the server, or the url where it answers',
  );

const serverName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, 'expected names of servers of a-z, 0-9 and -, such as wiki');

const BOUNDS = { turns: 8, calls: 16, tokens: 120_000, characters: 200_000, seconds: 600 } as const;

/** What research may look things up with, and how far it may go. */
export const lookUpSettings = {
  lookUpTools: z
    .strictObject({
      web: web.optional(),
      page: page.optional(),
      mcp: z.record(serverName, mcp).optional(),
    })
    .default({})
    .describe(
      'What research may look things up with besides your documents: `web` (a search), `page` (pages of the web, with `web` by itself), `mcp` (servers by name). See [look-ups](look-ups.md).',
    ),
  lookUps: z
    .strictObject({
      turns: positive.max(100).default(BOUNDS.turns),
      calls: positive.max(1_000).default(BOUNDS.calls),
      tokens: positive.default(BOUNDS.tokens),
      characters: positive.default(BOUNDS.characters),
      seconds: positive.default(BOUNDS.seconds),
      usd: usd.optional(),
    })
    .default(BOUNDS)
    .describe(
      'How far the look-ups of one question go: answers of the model, calls of tools, tokens, characters shown, seconds, US dollars (`usd`). The first bound that is reached makes the next answer the last.',
    ),
  documentsWithWeb: z
    .enum(['refuse', 'allow'], 'expected refuse or allow')
    .default('refuse')
    .describe(
      'Whether your documents and tools that reach the web may stand in one conversation: what the documents say can leave through the tools then.',
    ),
};
type Tools = z.output<typeof lookUpSettings.lookUpTools>;
export type WebSettings = NonNullable<Tools['web']>;
export type PageSettings = z.output<typeof page>;
/** A server of the Model Context Protocol. */
export type McpSettings = z.output<typeof mcp>;

/** Whether the settings name anything to look things up with. */
export function namesTools({ web: search, page: pages, mcp: servers = {} }: Tools): boolean {
  return search !== undefined || pages !== undefined || Object.keys(servers).length > 0;
}

/** How pages are opened: as the setting says, by default wherever the web is searched; `undefined` where none are. */
export function pageSettingsOf({ web: search, page: pages }: Tools): PageSettings | undefined {
  return pages ?? (search === undefined ? undefined : page.parse({}));
}
