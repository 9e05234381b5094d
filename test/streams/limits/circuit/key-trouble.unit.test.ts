import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/streams/failure.ts';
import { KeyTrouble } from '../../../../src/streams/limits/circuit/key-trouble.ts';

const refused = () => new Failure('fatal', 'unauthorized', 'The server refused the key.');

describe('a key that is refused', () => {
  it('before any answer is fatal', () => {
    expect(new KeyTrouble().onFailed(refused(), 'a', 0).kind).toBe('fatal');
  });

  it('after answers is tried once more, by each work', () => {
    const keys = new KeyTrouble();
    expect(keys.onFailed(refused(), 'a', 3).kind).toBe('transient');
    expect(keys.onFailed(refused(), 'b', 3).kind).toBe('transient');
  });

  it('and refused again with nobody answered in between closes the endpoint for all, until an answer', () => {
    const keys = new KeyTrouble();
    keys.onFailed(refused(), 'a', 3);
    const outage = { kind: 'outage', code: 'unauthorized', facts: { outageSignal: true } };
    expect(keys.onFailed(refused(), 'a', 3)).toMatchObject(outage);
    expect(keys.onFailed(refused(), 'b', 3)).toMatchObject(outage);
    expect(keys.onFailed(refused(), 'a', 4).kind).toBe('transient');
  });
});
