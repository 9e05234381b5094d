import { describe, expect, it } from 'vitest';
import type { ListedQuestion, ListPlace } from '../../stages/store/question-list.ts';
import type { Store } from '../../stages/store/store.ts';
import type { LaneName } from '../../streams/work/work.ts';
import { claimed } from './claiming.ts';
import {
  approval,
  finishedWith,
  newLane,
  newRun,
  type OpenStore,
  openForTest,
  questionOf,
  workOf,
} from './fixtures.ts';

/** Promises of the list of questions. */
export function describeListing(open: OpenStore): void {
  describe('the list of questions', () => {
    it('shows the newest first, with the score of the latest revision', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      await asked(store, lane, 'first');
      const second = await asked(store, lane, 'second');
      const work = { ...second, stage: 'review', revision: 1 };
      const held = await claimed(store.reviews, work);
      await store.reviews.complete(held, finishedWith({ ...approval, score: 8 }, { model: 'judge' }));
      await store.move({ work, status: 'reviewed' });
      const [newest, oldest] = await listed(store, lane);
      expect(newest).toMatchObject({
        ...{ questionId: second.questionId, lane, status: 'reviewed', revision: 1 },
        question: { text: 'second' },
        review: { score: 8, model: 'judge' },
      });
      expect(oldest).toMatchObject({ question: { text: 'first' }, status: 'pending', review: undefined });
    });

    it('holds one status where one is asked for, and one lane only', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      const moved = await asked(store, lane, 'moved');
      await asked(store, lane, 'stays');
      await asked(store, newLane(), 'elsewhere');
      await store.move({ work: moved, status: 'researched' });
      const found = await listed(store, lane, 'researched');
      expect(found.map(({ question }) => question.text)).toEqual(['moved']);
    });

    it('leaves none out and shows none twice, page by page, while others come and move', async () => {
      const { store } = await openForTest(open);
      const lane = newLane();
      const texts = Array.from({ length: 1_200 }, (_, index) => `question ${index}`);
      for (let from = 0; from < texts.length; from += 300)
        await Promise.all(texts.slice(from, from + 300).map((text) => asked(store, lane, text)));
      let late = 0;
      const found = await listed(store, lane, undefined, async (page) => {
        late += 1;
        await asked(store, lane, `late ${late}`);
        for (const { questionId } of page.slice(0, 3))
          await store.move({
            work: { lane, questionId, stage: 'research', revision: 0, drive: 0 },
            status: 'researched',
          });
      });
      const seen = found.map(({ question }) => question.text).filter((text) => !text.startsWith('late'));
      expect(seen.toSorted()).toEqual(texts.toSorted());
    });

    it('refuses a place that no page gave', async () => {
      const { store } = await openForTest(open);
      for (const from of ["x' OR 1=1", 'nowhere~x'])
        await expect(store.list.page({ lane: newLane(), from })).rejects.toMatchObject({ code: 'bad_place' });
    });
  });
}

async function asked(store: Store, lane: LaneName, text: string) {
  const question = questionOf(text);
  const work = workOf(question, { lane });
  await store.questions.accept(work, question, { run: newRun(), position: 0 });
  return work;
}

async function listed(
  store: Store,
  lane: LaneName,
  status?: string,
  onPage: (page: readonly ListedQuestion[]) => Promise<void> = async () => undefined,
): Promise<readonly ListedQuestion[]> {
  const found: ListedQuestion[] = [];
  let from: ListPlace | undefined;
  do {
    const page = await store.list.page({ lane, status, from });
    found.push(...page.questions);
    from = page.next;
    await onPage(page.questions);
  } while (from !== undefined);
  return found;
}
