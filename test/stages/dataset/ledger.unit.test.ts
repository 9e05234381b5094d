import { expect, it } from 'vitest';
import { ledgerPlaceOf, movedRecord } from '../../../src/stages/dataset/ledger.ts';
import { logRecord } from '../../support/stage/records.ts';

const at = { partition: 2, offset: 7n, timestampMs: 1_000 };

it('a record counts where it stands', () => {
  expect(ledgerPlaceOf(logRecord(at))).toEqual({ ...at, moved: false });
});

it('a record that was written again counts where it stood first, however often it was moved', () => {
  const once = movedRecord(logRecord({ ...at, value: 'text', headers: { traceparent: 'a' } }));
  expect(once?.headers).toMatchObject({ traceparent: 'a' });
  const later = logRecord({ partition: 0, offset: 40n, timestampMs: 9_000, headers: once?.headers ?? {} });
  expect(ledgerPlaceOf(later)).toEqual({ ...at, moved: true });
  const twice = movedRecord({ ...later, value: 'text' });
  expect(twice?.headers).toEqual(once?.headers);
});

it('a place that nobody can read is none', () => {
  for (const text of ['', '1/2', '-1/2/3', '1/2/3/4', 'x/y/z'])
    expect(ledgerPlaceOf(logRecord({ ...at, headers: { 'millrace-moved': text } }))).toEqual({
      ...at,
      moved: false,
    });
});

it('a tombstone, and a record without a key, are not written again', () => {
  expect(movedRecord(logRecord({ ...at, value: null }))).toBeUndefined();
  expect(movedRecord(logRecord({ ...at, key: null, value: 'text' }))).toBeUndefined();
});
