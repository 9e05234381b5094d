/** Looks at one thing again and again. `look` never throws; times are monotonic and the caller's. */
export type Watchdog = Readonly<{ look(nowMs: number): void }>;
