import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/streams/failure.ts';
import { OwnTrouble } from '../../../../src/streams/limits/circuit/own-trouble.ts';

const broken = (code = 'server_error') => new Failure('transient', code, 'oops', { outageSignal: true });

describe('a work that fails', () => {
  it('fails by itself once a call of another, sent after its failure, was answered', () => {
    const own = new OwnTrouble();
    expect(own.onFailed(broken(), 'a', 5).facts.own).toBeUndefined();
    own.onAnswered('b', 5);
    expect(own.onFailed(broken(), 'a', 6).facts).toMatchObject({ own: true, outageSignal: false });
  });

  it('may be the victim of an outage where the answered call was sent before it failed', () => {
    const own = new OwnTrouble();
    own.onFailed(broken(), 'a', 5);
    own.onAnswered('b', 4);
    expect(own.onFailed(broken(), 'a', 6).facts.own).toBeUndefined();
  });

  it('is forgotten when it is answered', () => {
    const own = new OwnTrouble();
    own.onFailed(broken(), 'a', 0);
    own.onAnswered('b', 0);
    own.onAnswered('a', 1);
    expect(own.onFailed(broken(), 'a', 2).facts.own).toBeUndefined();
  });

  it('never explains a server that nobody reaches', () => {
    const own = new OwnTrouble();
    own.onFailed(broken('unreachable'), 'a', 0);
    own.onAnswered('b', 0);
    expect(own.onFailed(broken('unreachable'), 'a', 1).facts.own).toBeUndefined();
  });

  it('is told from several that fail with no answer between them', () => {
    const own = new OwnTrouble();
    own.onFailed(broken(), 'a', 0);
    own.onFailed(broken(), 'a', 0);
    expect(own.isOne).toBe(true);
    own.onFailed(broken(), 'b', 0);
    expect(own.isOne).toBe(false);
    own.onAnswered('c', 0);
    expect(own.isOne).toBe(true);
  });
});
