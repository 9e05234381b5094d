import { expect, it } from 'vitest';
import { withSentBack } from '../../../src/features/dataset/sent-back.ts';
import type { ExportedExample } from '../../../src/infra/export/dataset-file.ts';
import type { Example } from '../../../src/stages/example.ts';
import type { ExportFormat } from '../../../src/stages/formats/index.ts';
import type { WorkId } from '../../../src/streams/work/work.ts';
import { streamOf } from '../../infra/export/workspace.ts';
import { candidates, exampleOf } from '../../stages/formats/fixtures.ts';

const worse = { ...candidates.sft, answer: 'It mirrors the sea.' };
const workId = (revision: number, questionId = 'q') => `main/${questionId}/generation/${revision}`;

/** What was sent back of each row, and which works were looked up, given the stored candidates. */
async function sentBack(
  stored: Readonly<Record<string, unknown>>,
  examples: readonly Example[],
  format: ExportFormat = 'kto',
) {
  const asked: string[][] = [];
  const reports = {
    candidates: async (ids: readonly WorkId[]) => {
      asked.push([...ids]);
      const known = ids.filter((id) => id in stored);
      return new Map(known.map((id): [WorkId, unknown] => [id, stored[id]]));
    },
  };
  const rows: ExportedExample['sentBack'][] = [];
  for await (const row of withSentBack(reports, format, streamOf(...examples))) rows.push(row.sentBack);
  return { asked, rows };
}

const atRevision = (revision: number, questionId = 'q') => exampleOf('sft', { revision, questionId });

it('every candidate before the approved one was sent back, and none after it is asked for', async () => {
  const stored = { [workId(0)]: worse, [workId(1)]: { ...worse, answer: 'No idea.' }, [workId(2)]: worse };
  expect(await sentBack(stored, [atRevision(2)])).toEqual({
    asked: [[workId(0), workId(1)]],
    rows: [[worse, { ...worse, answer: 'No idea.' }]],
  });
});

it('what a person approved as it was is not taken for sent back', async () => {
  const stored = { [workId(0)]: worse, [workId(1)]: candidates.sft };
  expect((await sentBack(stored, [atRevision(2)])).rows).toEqual([[worse]]);
});

it('a candidate that is gone is none', async () => {
  expect((await sentBack({}, [atRevision(1)])).rows).toEqual([[]]);
});

it('no candidate is looked up where nothing was sent back, or where the format has no use for it', async () => {
  expect(await sentBack({}, [atRevision(0)])).toEqual({ asked: [], rows: [undefined] });
  const unread = await sentBack({ [workId(0)]: worse }, [atRevision(1)], 'openai');
  expect(unread).toEqual({ asked: [], rows: [undefined] });
});

it('each row of many has its own, in the order of the rows', async () => {
  const ids = Array.from({ length: 130 }, (_, index) => `q-${index}`);
  const stored = Object.fromEntries(ids.map((id) => [workId(0, id), { ...worse, answer: id }]));
  const { asked, rows } = await sentBack(
    stored,
    ids.map((id) => atRevision(1, id)),
  );
  expect(rows).toEqual(ids.map((id) => [{ ...worse, answer: id }]));
  expect(asked.flat()).toEqual(ids.map((id) => workId(0, id)));
});
