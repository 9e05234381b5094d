import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { simulatedModel } from '../../../../src/infra/models/simulated/model.ts';
import { parseSimulatedProfile } from '../../../../src/infra/models/simulated/profile.ts';
import type { ChatRequest } from '../../../../src/stages/agent/chat-model.ts';

const never = new AbortController().signal;
const criterion = z.object({ score: z.int().min(1).max(10), reason: z.string() });
const review = z.object({
  correctness: criterion,
  clarity: criterion,
  safety: criterion,
  feedback: z.string(),
});

function asking(question: string, schema: z.ZodType = review): ChatRequest {
  return {
    stage: 'review',
    messages: [
      { role: 'system', content: 'You judge <question>not this one</question>.' },
      { role: 'user', content: `Judge the answer to <question>${question}</question>` },
      { role: 'assistant', content: 'nonsense' },
      { role: 'user', content: 'That was no JSON. Again.' },
    ],
    answer: { name: 'review', schema: z.toJSONSchema(schema, { target: 'draft-7' }) },
    settings: { model: 'any' },
  };
}

function model(profile: string) {
  return simulatedModel(parseSimulatedProfile(`latency=0,${profile}`));
}

async function lowestScore(question: string, profile = ''): Promise<number> {
  const { text } = await model(profile).complete(asking(question), never);
  const { correctness, clarity, safety } = review.parse(JSON.parse(text));
  return Math.min(correctness.score, clarity.score, safety.score);
}

const questions = Array.from({ length: 400 }, (_, index) => `Question ${index}?`);

describe('the simulated model', () => {
  it('says what it is', async () => {
    const simulated = model('');
    expect(simulated).toMatchObject({ simulated: true, address: 'simulated' });
    const reply = await simulated.complete(asking('Why?'), never);
    expect(reply).toMatchObject({ model: 'simulated', costUsd: 0, refusal: null, finishReason: 'stop' });
    expect(reply.usage.input).toBeGreaterThan(20);
    expect(reply.usage.output).toBe(Math.ceil(reply.text.length / 4));
  });

  it('says in every text that it is simulated, and what for', async () => {
    const shape = z.object({ keyPoints: z.array(z.string()).length(2) });
    const question = `Why is ${'very '.repeat(20)}long?`;
    const { text } = await model('').complete(asking(question, shape), never);
    const start = question.slice(0, 60);
    expect(shape.parse(JSON.parse(text)).keyPoints).toEqual([
      expect.stringMatching(new RegExp(`^\\[simulated\\] keyPoints 1 for: ${start} \\(\\w+\\)$`)),
      expect.stringMatching(new RegExp(`^\\[simulated\\] keyPoints 2 for: ${start} \\(\\w+\\)$`)),
    ]);
  });

  it('answers the same messages the same way, and others another way', async () => {
    const one = await model('').complete(asking('Why?'), never);
    const simulated = model('');
    await simulated.complete(asking('What else?'), never);
    expect((await simulated.complete(asking('Why?'), never)).text).toBe(one.text);
    expect((await simulated.complete(asking('How?'), never)).text).not.toBe(one.text);
    expect((await model('seed=2').complete(asking('Why?'), never)).text).not.toBe(one.text);
  });

  it('approves about 85 of 100 reviews unless told otherwise', async () => {
    const lowest = await Promise.all(questions.map((question) => lowestScore(question)));
    const approved = lowest.filter((score) => score >= 7).length / questions.length;
    expect(approved).toBeGreaterThan(0.79);
    expect(approved).toBeLessThan(0.91);
  });

  it('approves all or none if told so', async () => {
    for (const question of questions.slice(0, 50)) {
      expect(await lowestScore(question, 'reject=0%')).toBeGreaterThanOrEqual(7);
      expect(await lowestScore(question, 'reject=100%')).toBeLessThan(7);
    }
  });

  it.each([
    ['errors', 'server_error'],
    ['rate-limited', 'rate_limited'],
  ])('fails as told: %s', async (fault, code) => {
    const call = model(`${fault}=100%`).complete(asking('Why?'), never);
    await expect(call).rejects.toMatchObject({ kind: 'transient', code });
  });

  it('cuts answers short as told', async () => {
    const malformed = await model('malformed=100%').complete(asking('Why?'), never);
    expect(() => JSON.parse(malformed.text)).toThrow();
    expect(malformed.finishReason).toBe('stop');
    const truncated = await model('truncated=100%').complete(asking('Why?'), never);
    expect(truncated.finishReason).toBe('length');
  });

  it('refuses as told', async () => {
    const reply = await model('refused=100%').complete(asking('Why?'), never);
    expect(reply).toMatchObject({ text: '', refusal: expect.stringContaining('[simulated]') });
  });

  it('draws faults anew for each call, so that asking again can help', async () => {
    const simulated = model('errors=50%');
    const calls = Array.from({ length: 40 }, () => simulated.complete(asking('Why?'), never));
    const outcomes = new Set((await Promise.allSettled(calls)).map(({ status }) => status));
    expect(outcomes).toEqual(new Set(['fulfilled', 'rejected']));
  });

  it('stops waiting when the call is cancelled', async () => {
    const slow = simulatedModel(parseSimulatedProfile('latency=3600s'));
    const controller = new AbortController();
    const call = slow.complete(asking('Why?'), controller.signal);
    controller.abort();
    await expect(call).rejects.toMatchObject({ kind: 'transient', code: 'aborted' });
    await expect(slow.complete(asking('Why?'), controller.signal)).rejects.toMatchObject({ code: 'aborted' });
  });
});
