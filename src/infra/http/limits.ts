/** What any single client may cost. */
export const HTTP_LIMITS = {
  connections: 1_000,
  headerBytes: 16 * 1_024,
  headers: 100,
  headersTimeoutMs: 15_000,
  /** For a whole request, its body included. */
  requestTimeoutMs: 600_000,
  /** How often the two are looked at. */
  checkMs: 5_000,
  /** Without a byte of a body that is awaited. */
  idleBodyMs: 30_000,
  keepAliveMs: 60_000,
  /** A body that is held as a whole. */
  jsonBytes: 8 * 1_024 * 1_024,
  /** Longer than what any route takes, so that its schema says what was expected. */
  parameterCharacters: 4_000,
  /** Requests at work when the server is told to close. */
  closeMs: 10_000,
  /** For what a client still sends after its reply. */
  lingerMs: 5_000,
} as const;

export type HttpLimits = Readonly<{ [name in keyof typeof HTTP_LIMITS]: number }>;
