import { describe, expect, it } from 'vitest';
import { CapabilityLadder, type Rung } from '../../../../src/infra/models/openai/capabilities.ts';
import type { ChatReply } from '../../../../src/stages/agent/chat-model.ts';
import { Failure } from '../../../../src/streams/failure.ts';

const rejection = new Failure('poison', 'request_rejected', 'no such response format');

function replying(text: string): ChatReply {
  return {
    text,
    reasoning: '',
    finishReason: 'stop',
    refusal: null,
    model: 'm',
    usage: { input: 0, output: 0, cached: 0, reasoning: 0 },
    costUsd: null,
  };
}

/** A server that accepts some rungs only, and remembers what it was asked. */
function server(accepts: readonly Rung[], text = '{}') {
  const asked: Rung[] = [];
  const ask = async (rung: Rung): Promise<ChatReply> => {
    asked.push(rung);
    await Promise.resolve();
    if (!accepts.includes(rung)) throw rejection;
    return replying(text);
  };
  return { asked, ask };
}

const everything: readonly Rung[] = ['strict-schema', 'schema', 'json-object', 'plain'];

describe('the ladder of what a server can do', () => {
  it('starts with the strict schema', async () => {
    const { asked, ask } = server(everything);
    await new CapabilityLadder().descend('key', true, ask);
    expect(asked).toEqual(['strict-schema']);
  });

  it('starts below it for a schema that cannot be said strictly', async () => {
    const { asked, ask } = server(everything);
    await new CapabilityLadder().descend('key', false, ask);
    expect(asked).toEqual(['schema']);
  });

  it('steps down within one call, and remembers where it ended', async () => {
    const { asked, ask } = server(['plain']);
    const ladder = new CapabilityLadder();
    await ladder.descend('key', true, ask);
    await ladder.descend('key', true, ask);
    expect(asked).toEqual([...everything, 'plain']);
  });

  it('learns for each key apart', async () => {
    const ladder = new CapabilityLadder();
    await ladder.descend('weak', true, server(['plain']).ask);
    const { asked, ask } = server(everything);
    await ladder.descend('strong', true, ask);
    expect(asked).toEqual(['strict-schema']);
  });

  it('takes a rejection at a proven rung for the fault of the prompt', async () => {
    const ladder = new CapabilityLadder();
    await ladder.descend('key', true, server(everything).ask);
    const { asked, ask } = server([]);
    await expect(ladder.descend('key', true, ask)).rejects.toBe(rejection);
    expect(asked).toEqual(['strict-schema']);
  });

  it('learns nothing from a prompt that is rejected everywhere', async () => {
    const ladder = new CapabilityLadder();
    const { asked, ask } = server([]);
    await expect(ladder.descend('key', true, ask)).rejects.toBe(rejection);
    expect(asked).toEqual(everything);
    const healthy = server(everything);
    await ladder.descend('key', true, healthy.ask);
    expect(healthy.asked).toEqual(['strict-schema']);
  });

  it('passes any other failure on without stepping down', async () => {
    const limited = new Failure('transient', 'rate_limited', 'slow down');
    const asked: Rung[] = [];
    const call = new CapabilityLadder().descend('key', true, async (rung) => {
      asked.push(rung);
      throw limited;
    });
    await expect(call).rejects.toBe(limited);
    expect(asked).toEqual(['strict-schema']);
  });

  it('lets first calls side by side find the same rung', async () => {
    const ladder = new CapabilityLadder();
    const { asked, ask } = server(['json-object']);
    const calls = Array.from({ length: 20 }, () => ladder.descend('key', true, ask));
    await Promise.all(calls);
    await ladder.descend('key', true, ask);
    expect(asked).not.toContain('plain');
    expect(asked.at(-1)).toBe('json-object');
  });

  it('goes straight to the proven rung when another call found it meanwhile', async () => {
    const ladder = new CapabilityLadder();
    const slow = Promise.withResolvers<void>();
    const asked: Rung[] = [];
    const late = ladder.descend('key', true, async (rung) => {
      asked.push(rung);
      if (rung === 'plain') return replying('{}');
      await slow.promise;
      throw rejection;
    });
    await ladder.descend('key', true, server(['plain']).ask);
    slow.resolve();
    await late;
    expect(asked).toEqual(['strict-schema', 'plain']);
  });

  it('is not spoilt by a strange prompt that only a weak rung took', async () => {
    const ladder = new CapabilityLadder();
    const slow = Promise.withResolvers<void>();
    const usual = ladder.descend('key', true, async () => {
      await slow.promise;
      return replying('{}');
    });
    await ladder.descend('key', true, server(['plain']).ask);
    slow.resolve();
    await usual;
    const { asked, ask } = server(everything);
    await ladder.descend('key', true, ask);
    expect(asked).toEqual(['strict-schema']);
  });

  it('leaves rungs that the server accepts and ignores', async () => {
    const ladder = new CapabilityLadder();
    const { asked, ask } = server(everything, 'Sure! Let me explain.');
    for (let call = 0; call < 5; call += 1) await ladder.descend('key', true, ask);
    expect(asked).toEqual(['strict-schema', 'strict-schema', 'strict-schema', 'json-object', 'json-object']);
  });

  it('stays on a rung that has brought JSON, whatever comes later', async () => {
    const ladder = new CapabilityLadder();
    await ladder.descend('key', true, server(everything).ask);
    const { asked, ask } = server(everything, 'prose');
    for (let call = 0; call < 5; call += 1) await ladder.descend('key', true, ask);
    expect(new Set(asked)).toEqual(new Set(['strict-schema']));
  });

  it('says the schema in words from the first answer on that does not fit it, and stays on its rung', async () => {
    const ladder = new CapabilityLadder();
    const asked: (readonly [Rung, boolean])[] = [];
    const texts = ['{"good": 1}', '{"bad": 1}', '{"good": 1}', '{"good": 1}'];
    for (const text of texts)
      await ladder.descend(
        'key',
        true,
        async (...how) => {
          asked.push(how);
          return replying(text);
        },
        ({ text: said }) => said.includes('good'),
      );
    expect(asked.map(([, inWords]) => inWords)).toEqual([false, false, true, true]);
    expect(new Set(asked.map(([rung]) => rung))).toEqual(new Set(['strict-schema']));
  });

  it('says it in words beside a first call that is still out, until an answer tells that none are needed', async () => {
    const ladder = new CapabilityLadder();
    const first = Promise.withResolvers<void>();
    const asked: boolean[] = [];
    const ask = async (_: Rung, inWords: boolean) => {
      asked.push(inWords);
      if (!inWords) await first.promise;
      return replying('{}');
    };
    const calls = [1, 2, 3].map(() => ladder.descend('key', true, ask));
    first.resolve();
    await Promise.all(calls);
    await Promise.all([1, 2].map(() => ladder.descend('key', true, ask)));
    expect(asked).toEqual([false, true, true, false, false]);
  });

  it('looks at the shape of a server’s answers until twenty have had it', async () => {
    const ladder = new CapabilityLadder();
    let looks = 0;
    const isOfShape = () => {
      looks += 1;
      return true;
    };
    for (let call = 0; call < 50; call += 1)
      await ladder.descend('key', true, server(everything).ask, isOfShape);
    expect(looks).toBe(20);
  });
});
