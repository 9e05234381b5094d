import { describe, expect, it, vi } from 'vitest';
import { questionIdOf } from '../../../../src/stages/question.ts';
import { Failure } from '../../../../src/streams/failure.ts';
import { questionsIn, served } from '../../../support/http/served.ts';

const question = (text: string) => JSON.stringify({ question: text });

describe('POST /v1/questions', () => {
  it('answers 202 with an id per question, which stand in the topic by then', async () => {
    const { api, engine } = await served();
    const { status, body } = await api.post({
      question: 'What is water?',
      id: 'mine',
      metadata: { a: 1 },
      b: 2,
    });
    const [kept] = await questionsIn(engine.log);
    expect(status).toBe(202);
    expect(kept?.question).toMatchObject({ text: 'What is water?', topic: 'chemistry', trainingType: 'sft' });
    expect(kept?.submission).toMatchObject({ position: 0, id: 'mine', metadata: { a: 1, b: 2 } });
    const id = kept === undefined ? '' : questionIdOf(kept.question);
    const results = [{ line: 1, status: 'accepted', id }];
    expect(body).toEqual({ run: kept?.submission.run, accepted: 1, duplicates: 0, rejected: 0, results });
  });

  it.for([
    ['a text', 'Why?', 1],
    ['a list', ['Why?', { question: 'How?' }], 2],
    ['a list under `questions`', { questions: ['Why?', 'How?', 'When?'] }, 3],
  ] as const)('takes %s as JSON', async ([, body, count]) => {
    const { api, engine } = await served();
    expect((await api.post(body)).body).toMatchObject({ accepted: count, rejected: 0 });
    expect(await questionsIn(engine.log)).toHaveLength(count);
  });

  it('tells line by line of NDJSON what was accepted, asked before in the request, or is no question', async () => {
    const { api, engine } = await served();
    const lines = [question('Why?'), '', 'no json', question('WHY? '), '{"text":"x"}', '"How?"'];
    const { status, body } = await api.postLines(lines);
    expect(status).toBe(202);
    expect(body).toMatchObject({
      accepted: 2,
      duplicates: 1,
      rejected: 2,
      results: [
        { line: 1, status: 'accepted' },
        { line: 3, status: 'rejected', reason: expect.stringContaining('expected JSON') },
        { line: 4, status: 'duplicate' },
        { line: 5, status: 'rejected', reason: expect.stringContaining('expected the field "question"') },
        { line: 6, status: 'accepted' },
      ],
    });
    const texts = (await questionsIn(engine.log)).map(({ question: { text } }) => text);
    expect(texts).toEqual(['Why?', 'How?']);
  });

  it.for(['post', 'postLines'] as const)(
    'refuses a tool that no call can be held against, and not only after its research: %s',
    async (how) => {
      // What calls are held against is loaded once by each process: nobody has done so here.
      vi.resetModules();
      const { api } = await (await import('../../../support/http/served.ts')).served();
      const tools = [{ name: 'weigh', parameters: { type: 'nonsense' } }];
      const asked = { question: 'How heavy is it?', training_type: 'tool-calls', tools };
      const { body } =
        how === 'post'
          ? await api.post([asked, 'Why?'])
          : await api.postLines([asked, { question: 'Why?' }].map((each) => JSON.stringify(each)));
      const reason = expect.stringContaining('The parameters of the tool weigh cannot be used');
      expect(body).toMatchObject({ results: [{ status: 'rejected', reason }, { status: 'accepted' }] });
    },
  );

  it.for(['post', 'postLines'] as const)(
    'keeps the digits of long numbers, and refuses half a character: %s',
    async (how) => {
      const { api, engine } = await served();
      const texts = [
        '{"question": "Why?", "tweet": 1234567890123456789, "metadata": {"row": [98765432109876543210]}}',
        '{"question": "How?", "id": "\\ud83d"}',
        '{"question": "When?", "sub_topic": "\\ud83d"}',
        '{"question": "Who?", "metadata": {"by": "\\udc00"}}',
      ];
      const json = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: `[${texts.join()}]`,
      };
      const { body } = how === 'post' ? await api.call('/v1/questions', json) : await api.postLines(texts);
      const reason = expect.stringContaining('expected whole characters');
      expect(body).toMatchObject({
        accepted: 1,
        results: [{ status: 'accepted' }, { reason }, { reason }, { reason }],
      });
      const [kept] = await questionsIn(engine.log);
      expect(kept?.submission['metadata']).toEqual({
        tweet: '1234567890123456789',
        row: ['98765432109876543210'],
      });
    },
  );

  it('takes what its address says for questions that say nothing of their own', async () => {
    const { api, engine } = await served();
    const path = '/v1/questions?topic=physics&sub_topic=optics&training_type=reasoning';
    await api.post(['Why?', { question: 'How?', topic: 'biology' }], path);
    const labels = (await questionsIn(engine.log)).map(({ question: { topic, subTopic, trainingType } }) => [
      topic,
      subTopic,
      trainingType,
    ]);
    expect(labels).toEqual([
      ['physics', 'optics', 'reasoning'],
      ['biology', 'optics', 'reasoning'],
    ]);
    const unknown = await api.post('Why?', '/v1/questions?training_type=poetry');
    expect([unknown.status, unknown.body]).toEqual([400, expect.objectContaining({ code: 'bad_request' })]);
  });

  it('answers 400 with every reason where nothing is a question', async () => {
    const { api, engine } = await served();
    const { status, body } = await api.post([1, { question: ' ' }]);
    expect([status, body]).toMatchObject([400, { code: 'no_question_accepted', rejected: 2 }]);
    expect((await api.post([])).body).toMatchObject({ status: 400, code: 'no_questions' });
    expect((await api.postLines([])).body).toMatchObject({ status: 400, code: 'no_questions' });
    expect(await questionsIn(engine.log)).toEqual([]);
  });

  it('answers 503 and when to come back while the log is away, with how far it had come', async () => {
    let [calls, away] = [0, true];
    const { api, engine, problems } = await served({
      publish: async (publish) => {
        calls += 1;
        if (calls > 2 && away) throw new Failure('outage', 'kafka_unavailable', 'Kafka is away.');
        await publish();
      },
    });
    const lines = Array.from({ length: 1_200 }, (_, index) => question(`What is ${index}?`));
    const { status, headers, body } = await api.post(lines.map((line) => JSON.parse(line)));
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
    expect(body).toMatchObject({ code: 'kafka_unavailable', acknowledged: 1_000 });
    expect(problems).toEqual(['POST /v1/questions: kafka_unavailable']);
    expect(await questionsIn(engine.log)).toHaveLength(1_000);
    away = false;
    expect((await api.postLines(lines)).body).toMatchObject({ accepted: 1_200 });
  });

  it('waits out an outage that is over soon', async () => {
    let calls = 0;
    const { api, engine, problems } = await served({
      patienceMs: 60_000,
      publish: async (publish) => {
        calls += 1;
        if (calls < 3) throw new Failure('outage', 'kafka_unavailable', 'A leader is elected.');
        await publish();
      },
    });
    expect((await api.post('Why?')).status).toBe(202);
    expect([calls, problems, (await questionsIn(engine.log)).length]).toEqual([3, [], 1]);
  });

  it('tells of a defect without its details', async () => {
    const { api, problems } = await served({
      publish: async () => {
        throw new TypeError('secret inner matters');
      },
    });
    const { status, body } = await api.post('Why?');
    expect([status, body]).toMatchObject([500, { code: 'unexpected' }]);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(problems).toEqual(['POST /v1/questions: unexpected']);
  });
});
