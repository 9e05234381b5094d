/** What is known of the request that failed. */
export type CallContext = Readonly<{
  address: string;
  /** Whether the request brought a key. */
  hasKey: boolean;
  /** What may stand in no message, though a server repeats it: the key, and what else the request carried. */
  secrets: readonly string[];
  apiKeyVariable: string;
  model: string;
  timeoutMs: number;
}>;
