import type { FoundPiece } from '../evidence/finder.ts';

/** What a tool may know of the work that it is called for. */
export type ToolContext = Readonly<{
  /** Aborted when the tool's time is over, or the process must stop now. */
  signal: AbortSignal;
  /** URLs that results of this work showed: a page is opened by these alone. */
  shownUrls: ReadonlySet<string>;
  /** Names of the sources that may be searched. Absent: all of them. */
  sources?: readonly string[] | undefined;
}>;

/** What a look-up brought. Only pieces can be quoted; they get their ids when the result is a step. */
export type ToolAnswer = Readonly<{
  pieces?: readonly FoundPiece[] | undefined;
  /** Shown beside the pieces: where to go on, what there is besides. */
  text?: string | undefined;
  /** URLs that a later look-up may open. */
  urls?: readonly string[] | undefined;
  /** What it cost; `price` where it is absent. */
  costUsd?: number | undefined;
  /** Tokens of a model that it took, as of one for embeddings. Absent: none. */
  tokens?: number | undefined;
  /** It was kept from an earlier look-up, and cost nothing. */
  cached?: boolean | undefined;
}>;

/** What the model is told of a tool. */
export type ToolSpec = Readonly<{
  name: string;
  description: string;
  /** A JSON schema of the arguments: an object. */
  parameters: Readonly<Record<string, unknown>>;
}>;

/**
 * What research may look things up with. It only reads, and must be safe to repeat: a look-up in flight at a kill is made again.
 * `run` gets arguments that follow `parameters`. It throws Failures: `transient` and `outage` are tried again, `content` is told to the
 * model, which goes elsewhere, `fatal` stops the stage.
 */
export type Tool = ToolSpec &
  Readonly<{
    /** Another version is another tool: what was kept of the old one is not used. */
    version: string;
    /** Whether what it is given may leave the machine. */
    reach: 'web' | 'local';
    run(args: Readonly<Record<string, unknown>>, context: ToolContext): Promise<ToolAnswer>;
    timeoutMs: number;
    /** Of one call, in US dollars. */
    price: number;
    /** Whose limits and circuit it shares: tools of one server are down together. Default: it is alone. */
    server?: string | undefined;
    /** Calls at once. Default: no limit. */
    concurrency?: number | undefined;
    requestsPerMinute?: number | undefined;
    /** `wait` holds the works that want it; `tell` lets the model know. Default `wait`. */
    whenDown?: 'wait' | 'tell' | undefined;
  }>;

/** A call of a tool as the model asked for it. */
export type ToolCall = Readonly<{
  id: string;
  name: string;
  /** JSON, as it came: nobody has read it yet. */
  args: string;
}>;
