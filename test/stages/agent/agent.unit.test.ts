import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { askModel } from '../../../src/stages/agent/agent.ts';
import type { ChatModel, ChatReply } from '../../../src/stages/agent/chat-model.ts';
import { type AgentRecipe, recipeHash } from '../../../src/stages/lanes/recipe.ts';
import type { AttemptContext } from '../../../src/streams/delivery/stage.ts';
import { asFailure, Failure } from '../../../src/streams/failure.ts';
import type { AnswerForm } from '../../../src/streams/work/journal.ts';
import { content, transient } from '../../support/failures.ts';
import { FakeModel } from '../../support/fakes/fake-model.ts';
import { firstAttempt } from '../../support/stage/stage-fixtures.ts';

const recipe: AgentRecipe = {
  settings: { model: 'fake', maxOutputTokens: 1_000 },
  prompt: { system: 'You answer about {{topic}}.', user: '<question>{{question}}</question>' },
};
const answer = z.object({ answer: z.string().min(1) });
const ask = {
  stage: 'research',
  recipe,
  values: { question: 'Why?', topic: 'optics' },
  answerName: 'research',
  answer,
};
const good = { text: '{"answer": "Because."}' };

async function failureOf(reply: Partial<ChatReply>): Promise<Failure> {
  const failed = askModel(new FakeModel(reply), ask, firstAttempt);
  return failed.then(() => expect.unreachable('the answer was taken'), asFailure);
}

async function requestAfter(previous: Failure, overrides: Partial<AttemptContext> = {}, with_ = ask) {
  const model = new FakeModel(good);
  await askModel(model, with_, { ...firstAttempt, number: 2, previous, ...overrides });
  return model.requests[0];
}

describe('an agent whose server cut the prompt', () => {
  const long = { ...ask, values: { ...ask.values, question: 'word '.repeat(5_000) } };
  const usage = { input: 2_047, output: 10, cached: 0, reasoning: 0 };
  const noteOf = async (attempt: AttemptContext) =>
    (await askModel(new FakeModel({ ...good, usage }), long, attempt)).note?.code;

  it('says so with the answer', async () => {
    expect(await noteOf(firstAttempt)).toBe('prompt_cut');
  });

  it('says nothing of a repeat, of which a server may count what is new alone', async () => {
    expect(await noteOf({ ...firstAttempt, number: 2, previous: content() })).toBeUndefined();
  });
});

describe('an agent whose answer has come', () => {
  const kept = (model: FakeModel | ChatModel) => {
    const told: [AnswerForm, string][] = [];
    const onAnswer = (form: AnswerForm, body: readonly Uint8Array[]) =>
      void told.push([form, Buffer.concat(body).toString()]);
    const asked = askModel(model, { ...ask, shape: 'sft' }, { ...firstAttempt, onAnswer });
    return asked.then(
      () => told,
      () => told,
    );
  };
  const about = { model: 'fake', recipe: recipeHash(recipe), shape: 'sft' };

  it('tells of it as its model gave it, before it is read', async () => {
    const [[form, body] = [], ...more] = await kept(new FakeModel({ text: 'no JSON' }));
    expect(form).toEqual({ ...about, form: 'reply', codings: '' });
    expect(JSON.parse(body ?? '')).toMatchObject({ text: 'no JSON', usage: { input: 100 } });
    expect(more).toEqual([]);
  });

  it('tells of the body that a server sent, and of nothing else then', async () => {
    const fake = new FakeModel(good);
    const complete: ChatModel['complete'] = (request) => {
      request.onBody?.([Buffer.from('{"choices":'), Buffer.from('[]}')], 'gzip');
      return fake.complete(request);
    };
    const server: ChatModel = { address: 'x', simulated: false, complete };
    expect(await kept(server)).toEqual([
      [{ ...about, form: 'completion', codings: 'gzip' }, '{"choices":[]}'],
    ]);
  });

  it('tells of none where none came', async () => {
    expect(await kept(new FakeModel(transient()))).toEqual([]);
  });
});

describe('an agent', () => {
  it('asks with its prompt filled in and the shape that the answer must have', async () => {
    const model = new FakeModel(good);
    await askModel(model, ask, firstAttempt);
    expect(model.requests[0]).toMatchObject({
      stage: 'research',
      messages: [
        { role: 'system', content: 'You answer about optics.' },
        { role: 'user', content: '<question>Why?</question>' },
      ],
      answer: { name: 'research', schema: { type: 'object', required: ['answer'] } },
      settings: { model: 'fake', maxOutputTokens: 1_000 },
    });
  });

  it('brings the answer with what it cost and how it was made', async () => {
    const done = await askModel(new FakeModel({ ...good, costUsd: null }), ask, firstAttempt);
    expect(done).toEqual({
      result: { answer: 'Because.' },
      model: 'fake-2026',
      recipe: recipeHash(recipe),
      usage: { input: 100, output: 20, cached: 5, reasoning: 3 },
      costUsd: null,
      finishReason: 'stop',
      reply: good.text,
    });
  });

  it('passes on the failure of a call that brought nothing', async () => {
    const failure = transient();
    await expect(askModel(new FakeModel(failure), ask, firstAttempt)).rejects.toBe(failure);
  });
});

describe('an answer that cannot be used', () => {
  it.each<[string, Partial<ChatReply>, string]>([
    ['prose', { text: 'I think it is because of the air.' }, 'not_json'],
    ['nothing', { text: '' }, 'not_json'],
    ['an object cut short', { text: '{"answer": "Beca' }, 'not_json'],
    ['of another shape', { text: '{"answr": "Because."}' }, 'schema_mismatch'],
    ['an empty text', { text: '{"answer": ""}' }, 'schema_mismatch'],
    ['a list', { text: '["Because."]' }, 'schema_mismatch'],
    ['cut off at the limit', { text: '{"answer": "Beca', finishReason: 'length' }, 'truncated'],
    ['cut off, though it parses', { ...good, finishReason: 'length' }, 'truncated'],
    ['half a character', { text: '{"answer": "\\ud83d!"}' }, 'bad_text'],
    ['a control character', { text: '{"answer": "\\u0007"}' }, 'bad_text'],
    ['a backslash that can be read in two ways', { text: '{"answer": "$a \\neq b$"}' }, 'bad_text'],
    ['stopped by the filter', { text: '', finishReason: 'content_filter' }, 'refused'],
    ['a refusal', { text: '', refusal: 'I cannot help with that.' }, 'refused'],
    ['a refusal in prose', { text: "I'm sorry, but I can't help with that." }, 'refused'],
    ['a refusal in typeset prose', { text: 'I can’t assist with this request.' }, 'refused'],
    ['prose that is sorry later on', { text: 'Rayleigh said: I am sorry.' }, 'not_json'],
  ])('%s is a content failure with the raw reply and its cost', async (_, reply, code) => {
    const failure = await failureOf(reply);
    expect(failure).toMatchObject({ kind: 'content', code });
    expect(failure.facts.reply).toMatchObject({ text: reply.text, model: 'fake-2026', costUsd: 1 });
  });

  it('says what is wrong with it and where', async () => {
    const { message } = await failureOf({ text: '{"answer": 42}' });
    expect(message).toContain('expected string');
    expect(message).toContain('answer');
  });

  it('quotes a refusal in part', async () => {
    const { message } = await failureOf({ refusal: 'no '.repeat(10_000) });
    expect(message.length).toBeLessThan(400);
  });
});

describe('an answer in another wrapping', () => {
  const bare = '{"answer": "Because."}';
  it.each([
    ['a list of one', `[${bare}]`],
    ["the schema's name", `{"research": ${bare}}`],
    ['a text', JSON.stringify(bare)],
    ['a text under a name', JSON.stringify({ output: bare })],
    ['a call of a tool', `{"name": "research", "arguments": ${bare}}`],
    ['a call of a tool with its arguments as a text', JSON.stringify({ name: 'research', arguments: bare })],
    ['a call among tags', `<tool_call>\n{"name": "research", "arguments": ${bare}}\n</tool_call>`],
    ['a list of one under a name', `{"items": [${bare}]}`],
    ['the words of its schema', `{"type": "object", "properties": ${bare}}`],
  ])('is taken out of %s', async (_, text) => {
    const { result } = await askModel(new FakeModel({ text }), ask, firstAttempt);
    expect(result).toEqual({ answer: 'Because.' });
  });

  it.each([
    ['two in a list', `[${bare}, ${bare}]`],
    ['one deep within', `{"a": {"b": {"c": {"d": ${bare}}}}}`],
  ])('is not guessed from %s', async (_, text) => {
    expect(await failureOf({ text })).toMatchObject({ code: 'schema_mismatch' });
  });
});

describe('asking again', () => {
  it.each(['not_json', 'schema_mismatch', 'bad_text'])(
    'after %s shows the answer and what is wrong with it',
    async (code) => {
      const request = await requestAfter(content({ text: '{"answr": 1}' }, code));
      expect(request?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
      expect(request?.messages[2]?.content).toBe('{"answr": 1}');
      expect(request?.messages[3]?.content).toContain('Expected JSON.');
    },
  );

  it('quotes an answer without the marks of chat templates, and without letters that nobody sees', async () => {
    const request = await requestAfter(content({ text: '{"a": "<|im_end|>\u{e0041}</question>"}' }));
    expect(request?.messages[2]?.content).toBe('{"a": "‹|im_end|>‹/question>"}');
  });

  it('after an empty answer says that there was none: servers refuse empty messages', async () => {
    const request = await requestAfter(content({ text: '' }));
    expect(request?.messages[2]?.content).not.toBe('');
  });

  it('quotes a bounded part of a long answer', async () => {
    const request = await requestAfter(content({ text: 'x'.repeat(100_000) }));
    expect(request?.messages[2]?.content.length).toBeLessThanOrEqual(8_000);
  });

  it.each([
    ['a transient failure', transient()],
    ['a refusal', content({}, 'refused')],
    ['a truncated answer', content({}, 'truncated')],
  ])('after %s is the same question again', async (_, previous) => {
    const request = await requestAfter(previous);
    expect(request?.messages).toHaveLength(2);
  });

  it('after a truncated answer leaves twice the room', async () => {
    const request = await requestAfter(content({ finishReason: 'length' }, 'truncated'));
    expect(request?.settings.maxOutputTokens).toBe(2_000);
  });

  it('after a second truncated answer leaves twice the room of that', async () => {
    const usage = { input: 10, output: 2_000, cached: 0, reasoning: 0 };
    const previous = content({ finishReason: 'length', usage }, 'truncated');
    const request = await requestAfter(previous, { number: 3 });
    expect(request?.settings.maxOutputTokens).toBe(4_000);
  });

  it('leaves no more room for attempts that never brought an answer', async () => {
    const usage = { input: 10, output: 1_000, cached: 0, reasoning: 0 };
    const previous = content({ finishReason: 'length', usage }, 'truncated');
    const request = await requestAfter(previous, { number: 8 });
    expect(request?.settings.maxOutputTokens).toBe(2_000);
  });

  it('leaves room where the settings name no limit', async () => {
    const unlimited = { ...ask, recipe: { ...recipe, settings: { model: 'fake' } } };
    const usage = { input: 10, output: 16_384, cached: 0, reasoning: 0 };
    const request = await requestAfter(content({ usage }, 'truncated'), {}, unlimited);
    expect(request?.settings.maxOutputTokens).toBe(32_768);
  });

  it('leaves no more room than the model can write', async () => {
    const model = Object.assign(new FakeModel(good), { longestAnswer: () => 1_500 });
    const previous = content({ finishReason: 'length' }, 'truncated');
    await askModel(model, ask, { ...firstAttempt, number: 2, previous });
    expect(model.requests[0]?.settings.maxOutputTokens).toBe(1_500);
  });

  it('leaves the room that a longer answer needed while it mends another fault', async () => {
    const usage = { input: 10, output: 1_800, cached: 0, reasoning: 0 };
    const request = await requestAfter(content({ usage }, 'schema_mismatch'));
    expect(request?.settings.maxOutputTokens).toBe(3_600);
  });

  it('says that it is of no use where the model has written all it can', async () => {
    const usage = { input: 10, output: 1_500, cached: 0, reasoning: 0 };
    const model = Object.assign(new FakeModel({ text: '{', finishReason: 'length', usage }), {
      longestAnswer: () => 1_500,
    });
    const failure = await askModel(model, ask, firstAttempt).catch(asFailure);
    expect(failure).toMatchObject({ kind: 'content', code: 'truncated', facts: { final: true } });
  });

  it('calls the answer truncated where the server refuses a larger limit', async () => {
    const refused = new Failure('poison', 'request_rejected', 'max_tokens is too large');
    const previous = content({ finishReason: 'length', text: '{"answer": "Bec' }, 'truncated');
    const failure = await askModel(new FakeModel(refused), ask, { ...firstAttempt, previous }).catch(
      asFailure,
    );
    expect(failure).toMatchObject({ kind: 'content', code: 'truncated', facts: { final: true } });
    expect(failure).toMatchObject({ message: expect.stringContaining('max_tokens is too large') });
  });

  it('leaves the settings alone otherwise', async () => {
    const request = await requestAfter(content());
    expect(request?.settings).toEqual(recipe.settings);
  });
});

describe('what an operator changes for one work', () => {
  const driven = { ...ask, override: { model: 'better', maxOutputTokens: 9_000 } };

  it('is what the model is asked by, and what the recipe of the result names', async () => {
    const model = new FakeModel(good);
    const done = await askModel(model, driven, firstAttempt);
    expect(model.requests[0]?.settings).toEqual({ model: 'better', maxOutputTokens: 9_000 });
    const settings = { model: 'better', maxOutputTokens: 9_000 };
    expect(done.recipe).toBe(recipeHash({ ...recipe, settings }));
    expect(done.recipe).not.toBe(recipeHash(recipe));
  });

  it('is a dead letter, and stops nobody, where the server does not know the model', async () => {
    const unknown = new Failure('fatal', 'unknown_model', 'There is no model named better.');
    const failed = (asked: typeof ask) =>
      askModel(new FakeModel(unknown), asked, firstAttempt).catch(asFailure);
    expect(await failed(driven)).toMatchObject({ kind: 'poison', code: 'unknown_model' });
    expect(await failed(ask)).toBe(unknown);
  });
});
