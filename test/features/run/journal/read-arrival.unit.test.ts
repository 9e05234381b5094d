import { describe, expect, it } from 'vitest';
import { readArrival } from '../../../../src/features/run/journal/read-arrival.ts';
import { shownText } from '../../../../src/stages/evidence/shown.ts';
import type { LookUp } from '../../../../src/stages/lanes/recipe.ts';
import type { Arrival } from '../../../../src/streams/work/journal.ts';
import { workIdOf } from '../../../../src/streams/work/work.ts';
import { chatReply } from '../../../support/fakes/fake-model.ts';
import { pieceOf } from '../../../support/pieces.ts';
import { laneOf, lanesOf, recipes } from '../../../support/stage/stage-fixtures.ts';
import { tokenOf, workKey } from '../../../support/stage/work.ts';

const lookUp: LookUp = { mode: 'sources', piecesInFront: 8, unanswerable: 'drop' };

/** What becomes of an answer that quotes this, and that the store did not have when its process was killed. */
function read(quote: string) {
  const own = recipes();
  const lane = laneOf({ recipes: { ...own, research: { ...own.research, lookUp } } });
  const keyPoints = [{ point: 'Stop it.', evidence: [{ id: 'E1', quote }] }];
  const text = JSON.stringify({ summary: 's', keyPoints, caveats: [], coverage: 'full' });
  const arrival: Arrival = {
    ...{ kind: 'arrival', stage: 'research', workId: workIdOf(workKey()), token: tokenOf('t') },
    ...{ number: 1, startedAt: '2026-01-01T00:00:00.000Z', durationMs: 5, earlier: [] },
    ...{ form: 'reply', codings: '', model: 'fake', recipe: 'r', shape: shownText([pieceOf()]) },
  };
  const reading = { lanes: lanesOf(lane), longestAnswer: () => undefined, prices: {}, secrets: [] };
  return readArrival(arrival, Buffer.from(JSON.stringify(chatReply({ text }))), reading);
}

describe('an answer from sources that was left in a journal', () => {
  it('is checked against what its model was shown, whatever is indexed by now', async () => {
    expect(await read('the oil pressure at idle')).toMatchObject({
      kind: 'answer',
      finished: { result: { evidence: [{ quote: 'The oil pressure at idle' }], coverage: 'full' } },
    });
  });

  it('with a quote that does not stand there is a failed attempt', async () => {
    expect(await read('the water pressure at idle')).toMatchObject({
      kind: 'attempt',
      attempt: { outcome: 'content', code: 'bad_quote' },
    });
  });
});
