import { describe, expect, it } from 'vitest';
import { readArrival } from '../../../../src/features/run/journal/read-arrival.ts';
import { registerPlugin } from '../../../../src/infra/plugins/register.ts';
import type { ChatReply } from '../../../../src/stages/agent/chat-model.ts';
import type { LookUp } from '../../../../src/stages/lanes/recipe.ts';
import { NO_USAGE } from '../../../../src/streams/failure.ts';
import type { Arrival } from '../../../../src/streams/work/journal.ts';
import type { Step } from '../../../../src/streams/work/step.ts';
import { workIdOf } from '../../../../src/streams/work/work.ts';
import { chatReply } from '../../../support/fakes/fake-model.ts';
import { pieceOf } from '../../../support/pieces.ts';
import { checking } from '../../../support/stage/fact-check.ts';
import { laneOf, lanesOf, recipes } from '../../../support/stage/stage-fixtures.ts';
import { BOUNDS, calling } from '../../../support/stage/tool-rig.ts';
import { tokenOf, workKey } from '../../../support/stage/work.ts';

const lookUp: LookUp = { mode: 'sources', piecesInFront: 8, unanswerable: 'drop' };

/** What becomes of an answer that quotes this, was asked for before searches were steps, and had not come to the store at a kill. */
function read(quote: string) {
  const own = recipes();
  const lane = laneOf({ recipes: { ...own, research: { ...own.research, lookUp } } });
  const keyPoints = [{ point: 'Stop it.', evidence: [{ id: 'E1', quote }] }];
  const text = JSON.stringify({ summary: 's', keyPoints, caveats: [], coverage: 'full' });
  const arrival: Arrival = {
    ...{ kind: 'arrival', stage: 'research', workId: workIdOf(workKey()), token: tokenOf('t') },
    ...{ number: 1, startedAt: '2026-01-01T00:00:00.000Z', durationMs: 5, earlier: [] },
    ...{ form: 'reply', codings: '', model: 'fake', recipe: 'r', shape: JSON.stringify([pieceOf()]) },
  };
  const reading = { lanes: lanesOf(lane), longestAnswer: () => undefined, prices: {}, secrets: [] };
  return readArrival(arrival, Buffer.from(JSON.stringify(chatReply({ text }))), reading);
}

describe('an answer from sources that was left in a journal before searches were steps', () => {
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

describe('a turn of research that was left in a journal', () => {
  const tools: LookUp = { ...lookUp, mode: 'tools', tools: { search_documents: 'h' }, bounds: BOUNDS };
  const searched: Step = {
    ...{ n: 0, key: 'search/0', kind: 'search', drive: 0, at: '', durationMs: 1, model: '' },
    ...{ usage: NO_USAGE, costUsd: 0 },
    body: { tool: 'search', args: {}, outcome: 'ok', text: '', pieces: [pieceOf()], cached: false },
  };

  function readTurn(reply: Partial<ChatReply>, steps: readonly Step[] = [searched], how = tools) {
    const own = recipes();
    const lane = laneOf({ recipes: { ...own, research: { ...own.research, lookUp: how } } });
    const arrival: Arrival = {
      ...{ kind: 'arrival', stage: 'research', workId: workIdOf(workKey()), token: tokenOf('t') },
      ...{ number: 1, startedAt: '2026-01-01T00:00:00.000Z', durationMs: 5, earlier: [] },
      ...{ form: 'reply', codings: '', model: 'fake', recipe: 'r', shape: how === tools ? 'tools' : 'last' },
      step: { n: 1, key: 'turn/0', kind: 'turn', drive: 0 },
    };
    const reading = { lanes: lanesOf(lane), longestAnswer: () => undefined, prices: {}, secrets: [] };
    const known = { ...reading, stepsOf: async () => steps };
    return readArrival(arrival, Buffer.from(JSON.stringify(chatReply(reply))), known);
  }

  it('becomes the step that it would have been: its calls are not asked for again', async () => {
    expect(await readTurn(calling(['search_documents', { query: 'oil' }]))).toMatchObject({
      kind: 'step',
      step: {
        n: 1,
        key: 'turn/0',
        costUsd: 1,
        body: { outcome: 'calls', calls: [{ name: 'search_documents' }] },
      },
    });
  });

  it('is held against what its work had shown until then', async () => {
    const keyPoints = [{ point: 'p', evidence: [{ id: 'E1', quote: 'the water pressure at idle' }] }];
    const text = JSON.stringify({ summary: 's', keyPoints, caveats: [], coverage: 'full' });
    expect(await readTurn({ text })).toMatchObject({
      step: { body: { outcome: 'unusable', code: 'bad_quote' } },
    });
  });

  it('is the answer of a lane on sources as well', async () => {
    const keyPoints = [{ point: 'p', evidence: [{ id: 'E1', quote: 'the oil pressure at idle' }] }];
    const text = JSON.stringify({ summary: 's', keyPoints, caveats: [], coverage: 'full' });
    expect(await readTurn({ text }, [searched], lookUp)).toMatchObject({
      step: { n: 1, body: { outcome: 'answer', last: true } },
    });
  });

  it('is dropped where another step stands in its place', async () => {
    const reading = readTurn({}, [searched, { ...searched, n: 1 }]);
    await expect(reading).rejects.toMatchObject({ kind: 'poison', code: 'step_taken' });
  });
});

describe('an answer to a stage of a plugin that was left in a journal', () => {
  const left = async () => {
    const workId = workIdOf(workKey({ stage: 'fact-check' }));
    const arrival: Arrival = {
      ...{ kind: 'arrival', stage: 'fact-check', workId, token: tokenOf('t') },
      ...{ number: 1, startedAt: '2026-01-01T00:00:00.000Z', durationMs: 5, earlier: [] },
      ...{ form: 'reply', codings: '', model: 'fake', recipe: 'r', shape: '' },
    };
    const reading = { lanes: lanesOf(laneOf()), longestAnswer: () => undefined, prices: {}, secrets: [] };
    const text = JSON.stringify({ wrong: ['It is green.'], score: 3 });
    return readArrival(arrival, Buffer.from(JSON.stringify(chatReply({ text }))), reading);
  };

  it('is its result, and is kept for a process that has the stage where it is not registered', async () => {
    const { undo } = registerPlugin(checking);
    expect(await left()).toMatchObject({
      kind: 'answer',
      finished: { result: { wrong: ['It is green.'], score: 3 } },
    });
    undo();
    await expect(left()).rejects.toMatchObject({ kind: 'fatal', code: 'unknown_stage' });
  });
});
