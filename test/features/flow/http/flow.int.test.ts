import { once } from 'node:events';
import { get } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventsRoute } from '../../../../src/features/flow/http/events-route.ts';
import { flowRoutes } from '../../../../src/features/flow/http/flow-routes.ts';
import { type Flow, flowSchema } from '../../../../src/features/flow/http/schemas.ts';
import { watchFlow } from '../../../../src/features/flow/watch-flow.ts';
import { MAIN_LANE } from '../../../../src/stages/lanes/lane.ts';
import type { Store } from '../../../../src/stages/store/store.ts';
import { questionOf, workOf } from '../../../../src/testing/store/fixtures.ts';
import { shownOf } from '../../../../src/testing/store/review-queue.ts';
import { embedded, served } from '../../../support/http/served.ts';
import { until } from '../../../support/until.ts';

describe('the stream over HTTP', () => {
  it('tells where the questions stand', async () => {
    const { api, store } = await serving();
    await asked(store, 3);
    const flow = await until('the flow shows them', async () => {
      const seen = flowSchema.parse((await api.call('/v1/flow')).body);
      return seen.questions.open === 3 ? seen : undefined;
    });
    expect(flow.stages.map(({ stage, waiting }) => [stage, waiting])).toEqual([
      ['questions', 3],
      ['research', 0],
      ['generation', 0],
      ['review', 0],
      ['storage', 0],
    ]);
    expect((await api.call('/v1/flow/history?minutes=5')).status).toBe(200);
  });

  it('tells how many questions wait for a person, a finished one about which judges differ among them', async () => {
    const { api, store } = await serving();
    const work = workOf(questionOf(), { stage: 'review' });
    await store.reviewQueue.put(work, shownOf(work, 'disagreement'));
    await until('the flow shows it', async () => {
      const { onDesk, questions } = flowSchema.parse((await api.call('/v1/flow')).body);
      return onDesk === 1 && questions.held === 0;
    });
  });

  it('tells how many records of each stage are not settled', async () => {
    const { api, log } = await serving();
    await log.publish('test.research', [
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ]);
    await until('the lag is seen', async () => {
      const { stages } = flowSchema.parse((await api.call('/v1/flow')).body);
      return stages.find(({ stage }) => stage === 'research')?.lag === 2;
    });
  });

  it('is sent as events when it changes, and not again to a reader that knows it', async () => {
    const { address, store } = await serving();
    const reader = await reading(address);
    const first = await until('a first event', () => reader.events().at(0));
    await asked(store, 2);
    const changed = await until('the change', () =>
      reader.events().find(({ flow }) => flow.questions.open === 2),
    );
    expect(changed.id).not.toBe(first.id);
    const back = await reading(address, changed.id);
    await asked(store, 1);
    await until('the next change', () => back.events().some(({ flow }) => flow.questions.open === 3));
    expect(back.events().map(({ id }) => id)).not.toContain(changed.id);
  });

  it('is sent whole and at once to a reader that missed some of it, whatever its last event was called', async () => {
    const { address, store } = await serving();
    const reader = await reading(address);
    const seen = await until('a first event', () => reader.events().at(0));
    reader.leave();
    const other = await reading(address);
    await asked(store, 3);
    const missed = await until('what it missed', () =>
      other.events().find(({ flow }) => flow.questions.open === 3),
    );
    for (const lastId of [seen.id, 'of-another-server.17', '']) {
      const back = await reading(address, lastId);
      const first = await until('an event, though nothing changes', () => back.events().at(0));
      expect([first.id, first.flow.questions.open]).toEqual([missed.id, 3]);
    }
  });

  it('is sent to 500 readers at once, and to none of those that went away', async () => {
    const { address, store } = await serving();
    const readers = await Promise.all(Array.from({ length: 500 }, () => reading(address)));
    await asked(store, 4);
    await until(
      'all have it',
      () => readers.every((each) => each.events().some(({ flow }) => flow.questions.open === 4)),
      90_000,
    );
    for (const reader of readers) reader.leave();
    const one = await reading(address);
    await asked(store, 1);
    await until('the one that is left has it', () =>
      one.events().some(({ flow }) => flow.questions.open === 5),
    );
  });
});

type Event = Readonly<{ id: string; flow: Flow }>;

async function reading(address: string, lastId?: string) {
  const headers = lastId === undefined ? {} : { 'last-event-id': lastId };
  const request = get(`${address}/v1/events`, { headers, agent: false });
  onTestFinished(() => void request.destroy());
  const [response] = await once(request, 'response');
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  response.on('error', () => undefined);
  return {
    leave: () => void request.destroy(),
    events: (): readonly Event[] =>
      [...text.matchAll(/id: (.+)\nevent: flow\ndata: (.+)\n\n/g)].map(([, id = '', data = '']) => ({
        id,
        flow: flowSchema.parse(JSON.parse(data)),
      })),
  };
}

async function serving() {
  const engine = await embedded();
  const { log, store } = engine;
  const flow = watchFlow({ log, store, lane: MAIN_LANE, namespace: 'test', simulated: false });
  const { api, address } = await served({ engine, routes: [...flowRoutes(flow), eventsRoute(flow)] });
  // Before the server: it waits for those who read.
  onTestFinished(() => flow.stop());
  return { api, address, store, log };
}

let number = 0;

async function asked(store: Store, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    number += 1;
    const question = questionOf(`question ${number}`);
    await store.questions.accept(workOf(question, { lane: MAIN_LANE }), question, {
      run: 'run-1',
      position: number,
    });
  }
}
