/** What a look-up brought, kept for whoever asks the same: other questions, other lanes, replays. */
export type KeptLookUp = Readonly<{
  /** Names tool, version and arguments. */
  key: string;
  tool: string;
  atMs: number;
  /** Until when it may be used. */
  untilMs: number;
  /** Of what it consists, by the names under which sources are forgotten. */
  sources: readonly string[];
  body: unknown;
}>;

/** Where look-ups are kept. */
export interface LookUpBook {
  /** What may still be used at that time. */
  find(key: string, nowMs: number): Promise<KeptLookUp | undefined>;
  /** Keeps it, unless one that may still be used stands there: then that one stays. Resolves with what stands. */
  keep(lookUp: KeptLookUp): Promise<KeptLookUp>;
  /** Takes out what consists of a source, or of what begins with it. Resolves with how many. */
  forgetSource(source: string): Promise<number>;
  /** Takes out what may not be used any more at that time. Resolves with how many. */
  dropOlder(untilMs: number): Promise<number>;
}
