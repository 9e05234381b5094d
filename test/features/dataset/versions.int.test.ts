import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportLedger, exportVersion } from '../../../src/features/dataset/export-version.ts';
import type { Example } from '../../../src/stages/example.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import type { QuestionId } from '../../../src/streams/work/work.ts';
import { exampleOf, questionOf } from '../../../src/testing/store/fixtures.ts';
import { failureOf } from '../../support/failure-of.ts';
import { fresh, type LedgerRig, REQUEST, rigOn } from '../../support/run/ledger-rig.ts';
import { describeOnServers } from '../../support/servers/on-servers.ts';

const idsOf = (...examples: readonly Example[]) => examples.map(({ questionId }) => questionId).toSorted();

async function madeAgain({ put, keep, port, to, data, idsIn }: LedgerRig): Promise<void> {
  const [kept, improved] = fresh(2);
  if (kept === undefined || improved === undefined) expect.fail();
  await put(kept, improved, improved);
  const { manifest } = await keep('v1');
  expect(manifest).toMatchObject({ examples: 2, costUsd: 0.5, recipes: [{ works: 2 }] });
  await put({ ...improved, revision: 1 }, ...fresh(3));
  await exportVersion(port, 'v1', () => to('again.jsonl'));
  expect(await readFile(join(data, 'again.jsonl'))).toEqual(await readFile(join(data, 'v1.jsonl')));
  expect(await readFile(join(data, 'again.manifest.json'))).toEqual(
    await readFile(join(data, 'v1.manifest.json')),
  );
  expect(await idsIn('again.jsonl')).toEqual(idsOf(kept, improved));
}

describe('a version', () => {
  it('is made again to the byte, whatever was approved since', async () => {
    await madeAgain(await rigOn());
  });

  it('is refused under a name that stands, unless it is the same to the byte', async () => {
    const { put, keep, data } = await rigOn();
    await put(...fresh(2));
    const first = await keep('v1');
    const again = await keep('v1');
    expect([again.manifest, again.removed]).toEqual([first.manifest, []]);
    const before = await readFile(join(data, 'v1.jsonl'));
    await put(...fresh(1));
    expect(await failureOf(() => keep('v1'))).toMatchObject({ code: 'version_exists' });
    expect(await failureOf(() => keep('v1', { ...REQUEST, filter: { minScore: 2 } }))).toMatchObject({
      code: 'version_exists',
    });
    expect(await readFile(join(data, 'v1.jsonl'))).toEqual(before);
    expect((await readdir(data)).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('is refused under a name that stands for another request, though the bytes are the same', async () => {
    const { put, keep } = await rigOn();
    await put(...fresh(2));
    await keep('v1');
    const other = { ...REQUEST, filter: { minScore: 1 } };
    expect((await keep('v2', other)).manifest?.examples).toBe(2);
    expect(await failureOf(() => keep('v1', other))).toMatchObject({ code: 'version_exists' });
    const reordered = { fileType: 'jsonl', format: 'record', filter: {}, lane: MAIN_LANE } as const;
    expect((await keep('v1', reordered)).manifest?.name).toBe('v1');
  });

  it('leaves out what was taken back, counts it, and has it again once it is approved again', async () => {
    const { put, keep, idsIn } = await rigOn();
    const [stays, goes] = fresh(2);
    if (stays === undefined || goes === undefined) expect.fail();
    const [neverApproved] = fresh(1, { retracted: true });
    if (neverApproved === undefined) expect.fail();
    await put(stays, neverApproved, goes, { ...goes, revision: 1, retracted: true });
    expect(await keep('without')).toMatchObject({ retracted: 1, manifest: { retracted: 1, examples: 1 } });
    expect(await idsIn('without.jsonl')).toEqual(idsOf(stays));
    await put({ ...goes, revision: 2 });
    expect(await keep('with')).toMatchObject({ retracted: 0, manifest: { examples: 2 } });
  });

  it('never brings back a forgotten question: it says that it cannot be made again, and changes no file', async () => {
    const { put, keep, port, to, data } = await rigOn();
    const [one, other] = fresh(2);
    if (one === undefined || other === undefined) expect.fail();
    await put(one, other);
    await keep('v1');
    const before = await readFile(join(data, 'v1.jsonl'));
    await port.engine.store.forgotten.mark([one.questionId as QuestionId]);
    const failure = await failureOf(() => exportVersion(port, 'v1', () => to('v1.jsonl')));
    expect(failure).toMatchObject({ code: 'version_differs', message: expect.stringContaining('had 2') });
    expect(await readFile(join(data, 'v1.jsonl'))).toEqual(before);
  });

  it('holds only what its filter means, of its own lane', async () => {
    const { put, keep, idsIn } = await rigOn();
    const [low] = fresh(1, { review: { ...exampleOf(questionOf()).review, score: 7 } });
    const [good] = fresh(1);
    const [elsewhere] = fresh(1, { lane: 'other' });
    if (low === undefined || good === undefined || elsewhere === undefined) expect.fail();
    await put(low, good, elsewhere);
    await keep('v1', { ...REQUEST, filter: { minScore: 8 } });
    expect(await idsIn('v1.jsonl')).toEqual(idsOf(good));
  });

  it('gives its examples in another format, too', async () => {
    const { put, keep, port, to } = await rigOn();
    await put(...fresh(2));
    await keep('v1');
    const other = await exportVersion(port, 'v1', () =>
      to('v1.parquet', { format: 'openai', fileType: 'parquet' }),
    );
    expect(other).toMatchObject({ manifest: undefined, dataset: { written: 2, format: 'openai' } });
  });

  it('that nobody made is told of', async () => {
    const { port, to } = await rigOn();
    expect(await failureOf(() => exportVersion(port, 'none', () => to('none.jsonl')))).toMatchObject({
      code: 'no_version',
    });
  });
});

describe('--since', () => {
  it('takes what came after a version: new questions and new revisions, and no record that came twice', async () => {
    const { put, keep, port, to, since, idsIn } = await rigOn();
    const [same, improved, added] = fresh(3);
    if (same === undefined || improved === undefined || added === undefined) expect.fail();
    await put(same, improved);
    await keep('v1');
    await put(same, { ...improved, revision: 1 }, added);
    await exportLedger(port, { ...REQUEST, since: await since('v1') }, to('new.jsonl'));
    expect(await idsIn('new.jsonl')).toEqual(idsOf(improved, added));
  });

  it('takes what came after a time', async () => {
    const { put, port, to, since, idsIn } = await rigOn();
    const examples = fresh(2);
    await put(...examples);
    await exportLedger(port, { ...REQUEST, since: await since('2020-01-01') }, to('all.jsonl'));
    await exportLedger(port, { ...REQUEST, since: await since('2999-01-01T00:00Z') }, to('none.jsonl'));
    expect(await idsIn('all.jsonl')).toEqual(idsOf(...examples));
    expect(await idsIn('none.jsonl')).toEqual([]);
  });

  it('says what it expects', async () => {
    const { since } = await rigOn();
    expect(await failureOf(() => since('yesterday'))).toMatchObject({ code: 'bad_since' });
  });

  it('takes no day for another that is not in the calendar', async () => {
    const { since } = await rigOn();
    for (const text of ['2026-02-30', '2027-02-29T08:00Z', '2026-04-31T23:00-08:00'])
      expect(await failureOf(() => since(text))).toMatchObject({ code: 'bad_since' });
    for (const text of ['2028-02-29', '2026-12-31T23:00-08:00'])
      expect(await since(text)).toMatchObject({ text });
  });
});

await describeOnServers('on Kafka and MongoDB', (servers) => {
  it('a version is made again to the byte, whatever was approved since', async () => {
    await madeAgain(await rigOn(servers));
  });
});
