import { describe, expect, it } from 'vitest';
import { decodeMessage, researchMessage } from '../../src/stages/message.ts';
import { rebuiltRecord, type StoredStep } from '../../src/stages/rebuilt-record.ts';
import type { StageResult } from '../../src/streams/delivery/stage.ts';
import { logRecord } from '../support/stage/records.ts';
import { questionOf } from '../support/stage/stage-fixtures.ts';
import { laneName } from '../support/stage/work.ts';

const about = { question: questionOf(), lane: laneName('main'), drive: 2 };
const step = (topic: string, ...results: readonly (StageResult | undefined)[]): StoredStep => {
  const left = [...results];
  return { topic, follow: async () => left.shift() };
};
const emit = (topic: string, value: string): StageResult => ({
  kind: 'emit',
  status: 'researched',
  topic,
  records: [{ key: 'k', value }],
});

describe('the record in which a question goes on', () => {
  it('is the first one where nothing is done, with the drive that the question has', async () => {
    const rebuilt = await rebuiltRecord([step('research', undefined)], about);
    if (rebuilt.kind !== 'record') return expect.unreachable();
    expect(rebuilt.topic).toBe('research');
    const { key, value } = rebuilt.record;
    expect(decodeMessage(researchMessage, logRecord({ key, value }))).toMatchObject({
      ...about,
      revision: 0,
    });
  });

  it('is that of the first stage that has nothing stored, revisions included', async () => {
    const steps = [
      step('research', emit('generation', 'g0')),
      step('generation', emit('review', 'r0'), emit('review', 'r1')),
      step('review', emit('generation', 'g1'), undefined),
    ];
    const rebuilt = await rebuiltRecord(steps, about);
    expect(rebuilt).toEqual({ kind: 'record', topic: 'review', record: { key: 'k', value: 'r1' } });
  });

  it('is an end where the stored results come to one', async () => {
    const end: StageResult = { kind: 'finish', status: 'approved', topic: 'ledger', records: [] };
    await expect(rebuiltRecord([step('research', end)], about)).resolves.toEqual({
      kind: 'end',
      result: end,
    });
  });
});
