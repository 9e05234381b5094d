import type { LogRecord } from '../log/log.ts';

/** A record and the one way to be done with it. `settle` may be called from anywhere, once or often. */
export type Delivery = Readonly<{ record: LogRecord; settle(): void }>;
