import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ClaimWatch, heldWork, LEASE_MS, Leases, RENEW_MS } from '../../../src/streams/work/leases.ts';
import type { Claim } from '../../../src/streams/work/work.ts';
import { outage } from '../../support/failures.ts';
import { FakeWorkStore } from '../../support/fakes/fake-work-store.ts';
import { questionId, tokenOf, workKey } from '../../support/stage/work.ts';

const key = workKey();
const other = workKey({ questionId: questionId('q2') });
const token = tokenOf('mine');

describe('leases', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are renewed together, often enough to outlive two lost renewals', async () => {
    const store = new FakeWorkStore();
    const leases = new Leases(store);
    const held = [heldWork(key, token), heldWork(other, token)];
    for (const each of held) leases.hold(each, performance.now());
    await vi.advanceTimersByTimeAsync(3 * RENEW_MS);
    expect(store.renewals).toEqual([held, held, held]);
    expect(LEASE_MS).toBeGreaterThanOrEqual(3 * RENEW_MS);
  });

  it('stop being renewed when they are dropped, and the last one leaves no timer', async () => {
    const store = new FakeWorkStore();
    const leases = new Leases(store);
    const [first, second] = [heldWork(key, token), heldWork(other, token)];
    leases.hold(first, performance.now());
    leases.hold(second, performance.now());
    leases.drop(first);
    await vi.advanceTimersByTimeAsync(RENEW_MS);
    expect(store.renewals).toEqual([[second]]);
    leases.drop(second);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('go on after a renewal that failed', async () => {
    const store = new FakeWorkStore();
    const renew = vi.spyOn(store, 'renew').mockRejectedValueOnce(outage());
    const leases = new Leases(store);
    leases.hold(heldWork(key, token), performance.now());
    await vi.advanceTimersByTimeAsync(2 * RENEW_MS);
    expect(renew).toHaveBeenCalledTimes(2);
  });
});

describe('a claim that is held', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const heldBy = (name: string) => {
    const store = new FakeWorkStore<string>();
    const row = store.put(key, { state: 'claimed', token });
    const leases = new Leases(store);
    const work = heldWork(key, tokenOf(name));
    leases.hold(work, performance.now());
    return { store, row, leases, work };
  };

  it('is known to be ours, and nobody is asked, as long as its renewals succeed', async () => {
    const { store, leases, work } = heldBy('mine');
    await vi.advanceTimersByTimeAsync(10 * LEASE_MS);
    const renewals = store.renewals.length;
    expect(await leases.isOurs(work)).toBe(true);
    expect(store.renewals).toHaveLength(renewals);
  });

  it('is asked for after a whole lease without a sign of life', async () => {
    const { store, row, leases, work } = heldBy('mine');
    vi.spyOn(store, 'renew').mockRejectedValue(outage());
    await vi.advanceTimersByTimeAsync(LEASE_MS);
    await expect(leases.isOurs(work)).rejects.toThrow();
    vi.restoreAllMocks();
    expect(await leases.isOurs(work)).toBe(true);
    row.token = tokenOf('another');
    expect(await leases.isOurs(work)).toBe(true);
    await vi.advanceTimersByTimeAsync(LEASE_MS);
    expect(await leases.isOurs(work)).toBe(false);
  });

  it('counts from when it was asked for: a process may stand still before it hears the answer', async () => {
    const { row, leases, work } = heldBy('mine');
    leases.drop(work);
    row.token = tokenOf('another');
    leases.hold(work, performance.now() - LEASE_MS);
    expect(await leases.isOurs(work)).toBe(false);
  });
});

describe('a claim that is watched', () => {
  const held = (name: string, renewal: number): Extract<Claim<string>, { kind: 'held' }> => ({
    kind: 'held',
    token: tokenOf(name),
    renewal,
  });
  const storeWith = (name: string, renewal: number) => {
    const store = new FakeWorkStore<string>();
    store.put(key, { state: 'claimed', token: tokenOf(name), renewal });
    return store;
  };

  it('is taken over after a whole lease without a sign of life', async () => {
    const store = storeWith('theirs', 3);
    const watch = new ClaimWatch();
    const claim = held('theirs', 3);
    for (let nowMs = 0; nowMs < LEASE_MS; nowMs += watch.lookMsOf({}))
      await expect(watch.look(store, key, claim, nowMs)).resolves.toBe(claim);
    await expect(watch.look(store, key, claim, LEASE_MS)).resolves.toMatchObject({ kind: 'claimed' });
  });

  it('is not taken over for the time in which nobody could look at it or renew it', async () => {
    const store = storeWith('theirs', 3);
    const watch = new ClaimWatch();
    const claim = held('theirs', 3);
    await watch.look(store, key, claim, 0);
    const back = 10 * LEASE_MS;
    for (let nowMs = back; nowMs < back + LEASE_MS; nowMs += watch.lookMsOf({}))
      await expect(watch.look(store, key, claim, nowMs)).resolves.toBe(claim);
    await expect(watch.look(store, key, claim, back + LEASE_MS)).resolves.toMatchObject({ kind: 'claimed' });
  });

  it('is taken over the sooner, the shorter the lease', async () => {
    const store = storeWith('theirs', 3);
    const watch = new ClaimWatch(3_000);
    const claim = held('theirs', 3);
    for (let nowMs = 0; nowMs < 3_000; nowMs += watch.lookMsOf({}))
      await watch.look(store, key, claim, nowMs);
    await expect(watch.look(store, key, claim, 3_000)).resolves.toMatchObject({ kind: 'claimed' });
  });

  it('is judged by the lease of its holder, and looked at as often as that needs', async () => {
    const store = storeWith('theirs', 3);
    const watch = new ClaimWatch(3_000);
    const claim = { ...held('theirs', 3), leaseMs: 60_000 };
    for (let nowMs = 0; nowMs < 60_000; nowMs += watch.lookMsOf(claim))
      await expect(watch.look(store, key, claim, nowMs)).resolves.toBe(claim);
    await expect(watch.look(store, key, claim, 60_000)).resolves.toMatchObject({ kind: 'claimed' });
    expect(new ClaimWatch(60_000).lookMsOf({ leaseMs: 1_500 })).toBe(500);
  });

  it.each([
    ['its holder renews it', held('theirs', 4)],
    ['another takes it', held('another', 3)],
  ])('is given a whole lease again when %s', async (_, second) => {
    const store = storeWith(second.token, second.renewal);
    const watch = new ClaimWatch();
    for (let nowMs = 0; nowMs < LEASE_MS; nowMs += watch.lookMsOf({}))
      await watch.look(store, key, held('theirs', 3), nowMs);
    for (let nowMs = LEASE_MS; nowMs < 2 * LEASE_MS; nowMs += watch.lookMsOf({}))
      await expect(watch.look(store, key, second, nowMs)).resolves.toBe(second);
    await expect(watch.look(store, key, second, 2 * LEASE_MS)).resolves.toMatchObject({ kind: 'claimed' });
  });

  it('is not taken from a holder who renewed it in the last moment', async () => {
    const store = storeWith('theirs', 4);
    const watch = new ClaimWatch();
    for (let nowMs = 0; nowMs < LEASE_MS; nowMs += watch.lookMsOf({}))
      await watch.look(store, key, held('theirs', 3), nowMs);
    await expect(watch.look(store, key, held('theirs', 3), LEASE_MS)).resolves.toEqual(held('theirs', 4));
    expect(store.row(key)?.token).toBe('theirs');
  });
});
