/** What is known of the request that failed. */
export type CallContext = Readonly<{
  address: string;
  apiKey: string | undefined;
  apiKeyVariable: string;
  model: string;
  timeoutMs: number;
  /** Which of our own signals ended the request, if one did. */
  ended: 'aborted' | 'timed-out' | undefined;
}>;
