import { DatabaseSync } from 'node:sqlite';

const LOOK_MS = 2;

/** CPU milliseconds of this thread, so that what else the machine does does not count. */
export type Watched<T> = Readonly<{
  made: T;
  /** The longest transaction in which something is written, on any connection of this thread. */
  transactionMs: number;
  /** The longest turn of the event loop, up to two milliseconds too much. */
  turnMs: number;
}>;

/** What an act does to others: who writes the same file waits for its transactions, and what else this thread does for its turns. */
export async function watched<T>(act: () => Promise<T>): Promise<Watched<T>> {
  let turnMs = 0;
  let last = process.threadCpuUsage();
  const look = () => {
    turnMs = Math.max(turnMs, spentSince(last));
    last = process.threadCpuUsage();
  };
  const timer = setInterval(look, LOOK_MS);
  const transactions = watchTransactions();
  try {
    const made = await act();
    look();
    return { made, turnMs, transactionMs: transactions.longestMs() };
  } finally {
    transactions.end();
    clearInterval(timer);
  }
}

function watchTransactions() {
  const { exec } = DatabaseSync.prototype;
  let longestMs = 0;
  let start = process.threadCpuUsage();
  DatabaseSync.prototype.exec = function (sql) {
    exec.call(this, sql);
    if (sql.startsWith('BEGIN')) start = process.threadCpuUsage();
    if (sql === 'COMMIT') longestMs = Math.max(longestMs, spentSince(start));
  };
  return {
    longestMs: () => longestMs,
    end: () => {
      DatabaseSync.prototype.exec = exec;
    },
  };
}

function spentSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
