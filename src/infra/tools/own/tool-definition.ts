import type { z } from 'zod';
import type { Tool } from '../../../stages/tools/tool.ts';
import type { LookUpCache } from '../cache/look-up-cache.ts';
import type { OwnFetch } from './own-fetch.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a tool is called with: as its zod schema says, or an object that follows its JSON schema. */
export type ToolArgs<Parameters> = Parameters extends z.ZodType<infer Args> ? Args : JsonSchema;

/** What the `run` of a tool of one's own may use. */
export type ToolRunContext = Readonly<{
  /** Aborted when the tool's time is over, or the process must stop now. */
  signal: AbortSignal;
  /** Reads an address that nobody vouches for: never one of a private network, at most 5 MiB, without cookies and keys. */
  fetch: OwnFetch;
}>;

/** What a look-up brought. A text, or text without pieces, is one piece. */
export type ToolRunResult = Readonly<{
  /** Texts that answers may quote; `source` names where one comes from, and what is forgotten together. */
  pieces?: readonly Readonly<{ title: string; text: string; source?: string; url?: string }>[];
  text?: string;
  /** What it cost in US dollars; `price` where it is absent. */
  costUsd?: number;
}>;

/** A tool of one's own. It only reads, and must be safe to repeat: a look-up in flight at a kill is made again. */
export type ToolDefinition<Parameters extends z.ZodType | JsonSchema> = Readonly<{
  /** Letters, digits and _: `part_number`. */
  name: string;
  /** Another version is another tool: what was kept of the old one is not used. */
  version: string;
  /** For the model: what it gives, and when to call it. */
  description: string;
  parameters: Parameters;
  /** Whether what it is given may leave the machine. */
  reach: 'web' | 'local';
  run(args: ToolArgs<Parameters>, context: ToolRunContext): Promise<ToolRunResult | string>;
  /** Default: 60 seconds. */
  timeoutMs?: number;
  /** Of one call, in US dollars. Default: 0. */
  price?: number;
  /** Absent: nothing is kept. */
  cacheable?: Readonly<{ days: number }>;
  concurrency?: number;
  requestsPerMinute?: number;
  /** `wait` holds the works that want it; `tell` lets the model know. Default: `wait`. */
  whenDown?: 'wait' | 'tell';
}>;

export type OwnTool = Readonly<{
  name: string;
  version: string;
  open(deps: Readonly<{ fetch: OwnFetch; kept: LookUpCache }>): Tool;
}>;
