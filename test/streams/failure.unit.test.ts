import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asFailure, Failure } from '../../src/streams/failure.ts';
import { transient } from '../support/failures.ts';

describe('a failure', () => {
  it('stays what it is', () => {
    const failure = transient();
    expect(asFailure(failure)).toBe(failure);
  });

  it('is fatal where nobody classified it, and keeps its cause', () => {
    const cause = new TypeError('x is not a function');
    const failure = asFailure(cause);
    expect(failure).toMatchObject({ kind: 'fatal', code: 'unexpected', cause });
    expect(failure.message).toContain('x is not a function');
  });

  it('is made of any thrown value', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (thrown) => {
        expect(asFailure(thrown)).toBeInstanceOf(Failure);
      }),
    );
  });
});
