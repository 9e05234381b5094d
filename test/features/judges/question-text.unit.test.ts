import { expect, it } from 'vitest';
import { questionText, type TextPorts } from '../../../src/features/judges/question-text.ts';
import { storageMessage } from '../../../src/stages/message.ts';
import type { ReviewQueueEntry } from '../../../src/stages/store/review-queue-repository.ts';
import { approval, exampleOf, newWork, questionOf, research } from '../../../src/testing/store/fixtures.ts';

const { lane, questionId } = newWork();

const entry: ReviewQueueEntry = {
  ...{
    lane,
    questionId,
    revision: 0,
    why: 'disagreement',
    heldAt: '',
    state: 'waiting',
    claimedBy: undefined,
  },
  message: storageMessage.parse({
    ...{ v: 1, lane, questionId, revision: 0, question: questionOf('What waits?'), research },
    ...{ candidate: { answer: 'A' }, review: approval, provenance: [] },
  }),
};

const ports = (example: boolean, held: boolean): TextPorts => ({
  reports: {
    outcome: async () => ({
      status: '',
      example: example ? exampleOf(questionOf('What ended?')) : undefined,
    }),
  },
  reviewQueue: { find: async () => (held ? entry : undefined) },
});

it.each([
  { example: true, held: false, text: 'What ended?' },
  { example: false, held: true, text: 'What waits?' },
  { example: false, held: false, text: undefined },
])('a question that has ended ($example) or waits ($held) is told as $text', async (each) => {
  expect(await questionText(ports(each.example, each.held), lane, questionId)).toBe(each.text);
});
