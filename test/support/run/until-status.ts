import { MongoClient } from 'mongodb';
import { onTestFinished } from 'vitest';
import { until } from '../until.ts';

const LOOK_MS = 5_000;

export type StatusCount = Readonly<{ lane?: string; status: string; count: number }>;

/**
 * Waits until so many questions of a lane stand at a status. The database is asked: a command for each look would take the
 * cores from the worker that is waited for. To be called in a test.
 */
export function untilStatusIn(mongo: string, namespace: string): (wanted: StatusCount) => Promise<void> {
  const client = new MongoClient(mongo, { serverSelectionTimeoutMS: LOOK_MS, socketTimeoutMS: LOOK_MS });
  onTestFinished(() => client.close());
  const questions = client.db(namespace).collection('questions');
  return async ({ lane = 'main', status, count }) => {
    const stands = async () =>
      (await questions.countDocuments({ lane, status }).catch(() => undefined)) === count;
    await until(`${count} questions of ${lane} are ${status}`, stands, 240_000);
  };
}
