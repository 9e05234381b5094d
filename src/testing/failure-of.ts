import { expect } from 'vitest';
import { Failure } from '../streams/failure.ts';

/** The Failure that the work rejects with; anything else fails the test. */
export async function failureOf(work: () => Promise<unknown>): Promise<Failure> {
  try {
    await work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  return expect.fail('no Failure was thrown');
}
