import type { Database } from './database.ts';

/**
 * A fact of the file that many writes ask for, and that nobody else can change while a transaction is at work: asked once in each,
 * and outside of one every time. Who changes it calls `Database.factsChanged`.
 */
export function transactionFact(db: Database, ask: () => boolean): () => boolean {
  let asked: object | undefined;
  let fact = false;
  return () => {
    const { transaction } = db;
    if (transaction === undefined) return ask();
    if (transaction !== asked) [asked, fact] = [transaction, ask()];
    return fact;
  };
}
