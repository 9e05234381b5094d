import { describe, expect, it } from 'vitest';
import { simulatedAs } from '../../../../src/infra/models/simulated/model.ts';
import type { ChatMessage, ChatRequest } from '../../../../src/stages/agent/chat-model.ts';

const TEXT = 'The honey bee of the northern valley visits four hundred flowers in one hour.';
const search = { name: 'search_documents', description: '', parameters: {} };
const asked = (question: string): ChatMessage => ({
  role: 'user',
  content: `<question>${question}</question>`,
});
const found: ChatMessage = {
  role: 'tool',
  callId: 'call_1',
  content: `<piece id="E1" from="bees.md">\n${TEXT}\n</piece>`,
};
const answer = { name: 'grounded', schema: { type: 'object' } };
const ask = (messages: readonly ChatMessage[], tools: ChatRequest['tools']) =>
  simulatedAs('latency=0').complete(
    { stage: 'research', messages, answer, settings: { model: 'm' }, tools },
    new AbortController().signal,
  );

describe('the simulated model that is given tools', () => {
  it('searches the documents first, with the words of the question', async () => {
    const { text, calls, message, finishReason } = await ask(
      [asked('How many flowers does the honey bee visit?')],
      [search],
    );
    expect({ text, finishReason }).toEqual({ text: '', finishReason: 'tool_calls' });
    expect(calls).toEqual([
      {
        id: 'call_1',
        name: 'search_documents',
        args: '{"query":"How many flowers does the honey bee visit?"}',
      },
    ]);
    expect(message).toMatchObject({ role: 'assistant', tool_calls: [{ id: 'call_1' }] });
  });

  it('searches once or twice, and then quotes real characters of what it was shown; its own words say that they are simulated', async () => {
    const said = asked('How many flowers does the honey bee visit?');
    const searches = await Promise.all(
      ['one', 'two', 'three', 'four', 'five', 'six'].map(async (word) => {
        const { calls } = await ask([asked(`${word} flowers of the honey bee`), found], [search]);
        return calls?.length ?? 0;
      }),
    );
    expect(new Set(searches)).toEqual(new Set([0, 1]));
    const { text, calls } = await ask([said, found, found], [search]);
    expect(calls).toBeUndefined();
    const { keyPoints } = JSON.parse(text);
    expect(keyPoints[0]).toEqual({
      point: expect.stringContaining('[simulated]'),
      evidence: [{ id: 'E1', quote: TEXT }],
    });
  });

  it('calls nothing that is not offered', async () => {
    const { calls } = await ask([asked('How many?')], [{ ...search, name: 'open_page' }]);
    expect(calls).toBeUndefined();
  });

  it('calls another tool once where there is no search, with the arguments that it requires', async () => {
    const parameters = {
      type: 'object',
      properties: { city: { type: 'string' }, unit: { type: 'string' } },
      required: ['city'],
    };
    const tool = { name: 'weather', description: '', parameters };
    const { calls = [] } = await ask([asked('How warm is Oslo?')], [tool]);
    expect(calls.map(({ name, args }) => [name, Object.keys(JSON.parse(args))])).toEqual([
      ['weather', ['city']],
    ]);
    expect((await ask([asked('How warm is Oslo?'), found], [tool])).calls).toBeUndefined();
  });

  it('quotes what a rehearsal invented, whatever the question, and real text only where it covers it', async () => {
    const invented = '[simulated] This page of the web is invented, and nothing can be learnt from it.';
    const page: ChatMessage = { ...found, content: `<piece id="E1" from="page">\n${invented}\n</piece>` };
    const said = asked('What voltage feeds the transformer?');
    const { keyPoints } = JSON.parse((await ask([said, page, page], [search])).text);
    expect(keyPoints[0].evidence).toEqual([{ id: 'E1', quote: invented }]);
    expect(JSON.parse((await ask([said, found, found], [search])).text)).toMatchObject({
      ...{ keyPoints: [], coverage: 'none' },
    });
  });
});
