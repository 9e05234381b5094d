import { describe, expect, it, vi } from 'vitest';
import { provenanceOf } from '../../../src/stages/provenance.ts';
import { Failure, NO_USAGE } from '../../../src/streams/failure.ts';
import { failureOf } from '../../support/failure-of.ts';
import { FakeModel } from '../../support/fakes/fake-model.ts';
import { pieceOf } from '../../support/pieces.ts';
import { BOUNDS, calling, search, searchTool, toolRig } from '../../support/stage/tool-rig.ts';

const QUOTE = 'below 1.2 bar the engine must be stopped at once';

function answer(id = 'E1', quote = QUOTE, overrides: object = {}) {
  const keyPoints = [{ point: 'Stop it.', evidence: [{ id, quote }] }];
  return { text: JSON.stringify({ summary: 's', keyPoints, caveats: [], coverage: 'full', ...overrides }) };
}
const nothing = answer('E1', QUOTE, { keyPoints: [], coverage: 'none' });
const refusal = (code: string) => new Failure('poison', code, 'No.');

describe('research that looks things up itself', () => {
  it('searches, asks with tools, looks up what is asked for, and checks the quotes of the answer', async () => {
    const model = new FakeModel(calling(search('oil')), answer('E2'));
    const { run, steps } = toolRig(model);
    const { result, costUsd, usage, attempts } = await run();
    expect(result).toMatchObject({ keyPoints: ['Stop it.'], evidence: [{ id: 'E2', quote: QUOTE }] });
    expect(steps.map(({ key }) => key)).toEqual(['search/0', 'turn/0', 'result/turn/0/0', 'turn/1']);
    expect([costUsd, usage.input]).toEqual([2, 200]);
    expect(attempts.map(({ number, outcome }) => [number, outcome])).toEqual([
      [1, 'ok'],
      [2, 'ok'],
    ]);
  });

  it('offers the tools of its lane alone, and puts what was found in front', async () => {
    const model = new FakeModel(answer());
    const other = searchTool({ name: 'web_search' });
    await toolRig(model, { tools: [searchTool(), other], how: { tools: { search_documents: 'h' } } }).run();
    expect(model.requests[0]?.tools?.map(({ name }) => name)).toEqual(['search_documents']);
    expect(model.lastText).toMatch(/<piece-[0-9a-f]{8} id="E1"/);
  });

  it('gives the model back what it said exactly as it came, and each call its result', async () => {
    const model = new FakeModel(calling(search('oil'), search('water')), answer());
    await toolRig(model).run();
    const [, , said, ...results] = model.requests[1]?.messages ?? [];
    expect(said).toMatchObject({ role: 'assistant', raw: { own: 'field' } });
    expect(results).toMatchObject([
      { role: 'tool', callId: 'call_0', content: expect.stringMatching(/id="E2"[\s\S]*Found oil/) },
      { role: 'tool', callId: 'call_1', content: expect.stringMatching(/id="E3"/) },
    ]);
  });

  it('refuses what cannot be looked up with the reason, and the conversation goes on', async () => {
    const calls = calling(
      ['no_such', {}],
      ['search_documents', 'no json'],
      ['search_documents', { query: 1 }],
    );
    const { run, results } = toolRig(new FakeModel(calls, answer()));
    await run();
    expect(results().map(({ outcome, code }) => [outcome, code])).toEqual([
      ['refused', 'unknown_tool'],
      ['refused', 'bad_arguments'],
      ['refused', 'bad_arguments'],
    ]);
    expect(results()[0]?.text).toBe('There is no tool no_such: the tools are search_documents.');
  });

  it('looks nothing up twice: the model is told where the results are', async () => {
    const tool = searchTool();
    const run = vi.fn(tool.run);
    const again = [calling(search('oil'), search('oil')), calling(search('oil')), answer()];
    const rig = toolRig(new FakeModel(...again), { tools: [{ ...tool, run }] });
    await rig.run();
    expect(run).toHaveBeenCalledOnce();
    expect(rig.results().map(({ code }) => code)).toEqual([undefined, 'repeated', 'repeated']);
    expect(rig.results()[2]?.text).toMatch(/its results are E2/);
  });

  it('tells the model what a tool could not do, and stops at what a person has to mend', async () => {
    const gone = () => Promise.reject(new Failure('content', 'not_found', 'There is no such page.'));
    const rig = toolRig(new FakeModel(calling(search('oil')), answer()), {
      tools: [searchTool({ run: gone })],
    });
    await rig.run();
    expect(rig.results()).toMatchObject([{ outcome: 'failed', code: 'not_found', pieces: [] }]);
    const refused = () => Promise.reject(new Failure('fatal', 'no_key', 'The key is refused.'));
    const fatal = toolRig(new FakeModel(calling(search('oil'))), { tools: [searchTool({ run: refused })] });
    expect(await failureOf(() => fatal.run())).toMatchObject({ kind: 'fatal', code: 'no_key' });
  });

  it('hands a later look-up the addresses that earlier ones showed', async () => {
    const shown: string[][] = [];
    const open = searchTool({
      name: 'open_page',
      run: async (_, { shownUrls }) => {
        shown.push([...shownUrls]);
        return {};
      },
    });
    const script = [calling(search('oil')), calling(['open_page', { query: 'x' }]), answer()];
    await toolRig(new FakeModel(...script), { tools: [searchTool(), open] }).run();
    expect(shown).toEqual([['https://example.org/oil']]);
  });

  it('opens a page that only a text put in front names', async () => {
    const shown: string[][] = [];
    const open = searchTool({
      name: 'open_page',
      run: async (_, { shownUrls }) => {
        shown.push([...shownUrls]);
        return {};
      },
    });
    const found = [pieceOf({ text: `See https://example.org/manual#p4. ${QUOTE}` })];
    const model = new FakeModel(calling(['open_page', { query: 'x' }]), answer());
    await toolRig(model, { tools: [open], found }).run();
    expect(shown).toEqual([['https://example.org/manual']]);
  });
});

describe('the last turn', () => {
  const loops = calling(search('a'));
  const asks = Array.from({ length: 30 }, (_, index) => calling(search(`word ${index}`)));

  it.each([
    ['turns', { turns: 3 }, 3],
    ['calls', { calls: 2 }, 3],
    ['tokens', { tokens: 150 }, 3],
    ['characters', { characters: 400 }, 3],
    ['usd', { usd: 1.5 }, 3],
  ])('comes when the bound of %s is reached, without tools', async (_, bound, least) => {
    const model = new FakeModel(...asks.slice(0, least - 1), answer());
    const { run, turns } = toolRig(model, { how: { bounds: { ...BOUNDS, ...bound } } });
    await run();
    expect(turns().map(({ last }) => last)).toEqual([...Array(turns().length - 1).fill(false), true]);
    expect(turns().length).toBeLessThanOrEqual(least);
    expect(model.requests.at(-1)?.tools).toBeUndefined();
    expect(model.requests.at(-1)?.messages.map(({ role }) => role)).toEqual(['system', 'user']);
    expect(model.lastText).toMatch(/No more look-ups are possible/);
  });

  it('shows every piece once, whatever brought it', async () => {
    const model = new FakeModel(...asks.slice(0, 2), answer());
    await toolRig(model, { how: { bounds: { ...BOUNDS, turns: 3 } } }).run();
    const ids = [...model.lastText.matchAll(/<piece-[0-9a-f]{8} id="(E\d+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(['E1', 'E2', 'E3']);
  });

  it('refuses what is open at the bound, so that no conversation is half', async () => {
    const many = calling(search('a'), search('b'), search('c'));
    const rig = toolRig(new FakeModel(many, answer()), { how: { bounds: { ...BOUNDS, calls: 2 } } });
    await rig.run();
    expect(rig.results().map(({ outcome, code }) => [outcome, code])).toEqual([
      ['ok', undefined],
      ['ok', undefined],
      ['refused', 'bound'],
    ]);
  });

  it('ends a model that looks up for ever', async () => {
    const rig = toolRig(new FakeModel(loops));
    expect(await failureOf(() => rig.run())).toMatchObject({ kind: 'content' });
    expect(rig.turns().length).toBeLessThanOrEqual(BOUNDS.turns + 3);
  });

  it('comes after notes, which it is shown', async () => {
    const model = new FakeModel({ text: 'So far I found 1.2 bar.' }, answer());
    const { run, turns } = toolRig(model);
    await run();
    expect(turns().map(({ outcome, last }) => [outcome, last])).toEqual([
      ['notes', false],
      ['answer', true],
    ]);
    expect(model.lastText).toMatch(/<notes>So far I found 1\.2 bar\.<\/notes>/);
  });

  it('is the first where there is nothing to call', async () => {
    const model = new FakeModel(answer());
    await toolRig(model, { tools: [] }).run();
    expect(model.requests[0]?.tools).toBeUndefined();
  });
});

describe('an answer that cannot be used', () => {
  it('is told why, and may look further', async () => {
    const model = new FakeModel(
      answer('E1', 'what stands nowhere at all'),
      calling(search('oil')),
      answer('E2'),
    );
    const { run, turns } = toolRig(model);
    await run();
    expect(turns().map(({ outcome, code }) => [outcome, code])).toEqual([
      ['unusable', 'bad_quote'],
      ['calls', undefined],
      ['answer', undefined],
    ]);
    expect(model.requests[1]?.tools).toHaveLength(1);
    expect(JSON.stringify(model.requests[1]?.messages)).toMatch(/E1 does not contain/);
    expect(JSON.stringify(model.requests[2]?.messages)).toMatch(/E1 does not contain/);
  });

  it('ends the work with its reason after so many in a row', async () => {
    const rig = toolRig(new FakeModel(answer('E9', 'what stands nowhere at all')));
    expect(await failureOf(() => rig.run())).toMatchObject({ kind: 'content', code: 'unknown_piece' });
    expect(rig.turns()).toHaveLength(4);
  });

  it('ends the work at once where the sources do not answer and such questions are dropped', async () => {
    const rig = toolRig(new FakeModel(nothing));
    expect(await failureOf(() => rig.run())).toMatchObject({ code: 'no_evidence', facts: { final: true } });
    expect(rig.turns()).toHaveLength(1);
    const kept = await toolRig(new FakeModel(nothing), { how: { unanswerable: 'keep' } }).run();
    expect(kept.result).toMatchObject({ coverage: 'none', evidence: [] });
  });

  it('is asked again with the better half of the pieces where the prompt was too long', async () => {
    const found = ['a', 'b', 'c', 'd'].map((name) => pieceOf({ source: `documents:m/${name}.md` }));
    const model = new FakeModel(refusal('prompt_rejected'), refusal('prompt_rejected'), answer('E1'));
    const rig = toolRig(model, { found, tools: [] });
    await rig.run();
    expect(rig.turns().map(({ outcome, code }) => [outcome, code])).toEqual([
      ['unusable', 'prompt_rejected'],
      ['unusable', 'prompt_rejected'],
      ['answer', undefined],
    ]);
    expect(model.requests.map(({ messages }) => messages[1]?.content.match(/<piece-/g)?.length)).toEqual([
      4, 2, 1,
    ]);
    expect(model.lastText).toContain('id="E1"');
  });
});

it('a prompt that its server cut is told of at the turn that it happened to', async () => {
  const found = [pieceOf({ text: `${QUOTE} ${'and so on '.repeat(2_000)}` })];
  const cut = { ...answer(), usage: { ...NO_USAGE, input: 900, output: 9 } };
  const { attempts } = await toolRig(new FakeModel(cut), { found }).run();
  expect(attempts).toMatchObject([
    { outcome: 'ok', code: 'prompt_cut', message: expect.stringMatching(/it cut the prompt/) },
  ]);
});

describe('a model that cannot call tools', () => {
  it.each(['request_rejected', 'bad_setting'])('is asked plainly where its server says %s', async (code) => {
    const model = new FakeModel(refusal(code), answer());
    const { run, turns, unable } = toolRig(model);
    expect((await run()).result.keyPoints).toEqual(['Stop it.']);
    expect([turns().length, turns()[0]?.last, unable.length]).toEqual([1, true, 1]);
  });

  it('is not asked with tools again in this process', async () => {
    const model = new FakeModel(refusal('request_rejected'), answer());
    const rig = toolRig(model);
    await rig.run();
    rig.steps.splice(0);
    await rig.run();
    expect(model.requests.map(({ tools }) => tools !== undefined)).toEqual([true, false, false]);
    expect(rig.unable).toHaveLength(1);
  });

  it('is not taken for one where a plain question is refused as well', async () => {
    const rig = toolRig(new FakeModel(refusal('request_rejected')));
    expect(await failureOf(() => rig.run())).toMatchObject({ code: 'request_rejected' });
    expect(rig.unable).toEqual([]);
  });
});

describe('a model that cannot call tools, with the web alone', () => {
  const page = (name: string) => {
    const { id: _, ...piece } = pieceOf({
      kind: 'page',
      source: `page:example.org/${name}`,
      text: `On ${name}: ${QUOTE}`,
    });
    return piece;
  };
  const urls = ['a', 'b', 'c', 'd'].map((name) => `https://example.org/${name}`);

  function webRig(model: FakeModel) {
    const asked: unknown[] = [];
    const web = searchTool({
      name: 'web_search',
      run: async (args) => {
        asked.push(args);
        return { pieces: [page('hit')], urls };
      },
    });
    const open = searchTool({
      name: 'open_page',
      parameters: { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] },
      run: async (args) => {
        asked.push(args);
        return { pieces: [page(String(args['url']))] };
      },
    });
    return { ...toolRig(model, { tools: [web, open], found: [] }), asked };
  }

  it('has the web searched for it by its question, and the first three pages opened', async () => {
    const model = new FakeModel(refusal('request_rejected'), { text: 'From memory.' }, answer('E2'));
    const { run, steps, asked } = webRig(model);
    const { result } = await run();
    expect(asked).toEqual([{ query: 'Why is the sky blue?' }, ...urls.slice(0, 3).map((url) => ({ url }))]);
    expect(result.evidence).toMatchObject([{ id: 'E2', source: `page:example.org/${urls[0]}` }]);
    expect(steps.map(({ key }) => key).toSorted()).toEqual([
      ...['result/search/0/0', 'result/search/0/1', 'result/search/0/2', 'result/search/0/3'],
      ...['search/0', 'turn/0', 'turn/1'],
    ]);
    expect(model.lastText).not.toMatch(/From memory|notes/);
  });

  it('goes on there after a kill, whoever found it out, and is not asked with tools again here', async () => {
    const first = webRig(new FakeModel(refusal('request_rejected'), { text: 'x' }, answer('E1')));
    await failureOf(() => first.run({ killedAt: 3 }));
    const next = webRig(new FakeModel(answer('E1')));
    next.steps.push(...first.steps);
    await next.run();
    const searches = [...first.asked, ...next.asked].filter((args) => Object(args).query !== undefined);
    expect([searches.length, next.turns().length]).toEqual([1, 2]);
    const again = new FakeModel(refusal('request_rejected'), { text: 'x' }, answer('E1'), answer('E1'));
    const same = webRig(again);
    await same.run();
    same.steps.splice(0);
    await same.run();
    expect(again.requests.map(({ tools }) => tools !== undefined)).toEqual([true, false, false, false]);
  });

  it('dies of it where the web brings nothing', async () => {
    const none = searchTool({ name: 'web_search', run: async () => ({ text: 'Nothing.' }) });
    const model = new FakeModel(refusal('request_rejected'), { text: 'x' });
    const rig = toolRig(model, { tools: [none], found: [] });
    expect(await failureOf(() => rig.run())).toMatchObject({ code: 'no_evidence' });
  });
});

describe('a model that calls no tool', () => {
  it('is told of once after five works in a row', async () => {
    const rig = toolRig(new FakeModel(answer()));
    for (let works = 0; works < 12; works += 1) {
      rig.steps.splice(0);
      await rig.run();
    }
    expect(rig.unused).toEqual(['fake']);
  });

  it('is not told of where it calls one now and then, or may call none', async () => {
    const script = Array.from({ length: 4 }, () => answer());
    const rig = toolRig(new FakeModel(...script, calling(search('oil')), answer(), ...script));
    for (let works = 0; works < 9; works += 1) {
      rig.steps.splice(0);
      await rig.run();
    }
    const plain = toolRig(new FakeModel(answer()), { tools: [] });
    for (let works = 0; works < 6; works += 1) {
      plain.steps.splice(0);
      await plain.run();
    }
    expect([...rig.unused, ...plain.unused]).toEqual([]);
  });
});

describe('a prompt of one’s own', () => {
  it('that says by itself when it may look further, and its notes, has nothing of ours beside it', async () => {
    const user =
      '{{pieces}} {{question}} {{#canLook}}LOOK{{/canLook}}{{^canLook}}ANSWER {{notes}}{{/canLook}}';
    const model = new FakeModel({ text: 'So far 1.2 bar.' }, answer());
    await toolRig(model, { prompt: { system: 'You look.', user } }).run();
    const [first, last] = model.requests.map(({ messages }) => messages.at(-1)?.content ?? '');
    expect(first).toMatch(/LOOK$/);
    expect(last).toMatch(/ANSWER So far 1\.2 bar\.$/);
  });
});

it('what a turn asked for is counted beside its calls', async () => {
  const model = new FakeModel(calling(search('oil'), search('water')), calling(search('fire')), answer('E2'));
  const finished = await toolRig(model).run();
  expect(provenanceOf('research', 0, finished)).toMatchObject({ calls: 3, lookUps: 3 });
  const without = await toolRig(new FakeModel(answer())).run();
  expect(provenanceOf('research', 0, without)).not.toHaveProperty('lookUps');
});

describe('research that is killed', () => {
  const script = () => [calling(search('oil'), search('water')), calling(search('fire')), answer('E2')];

  it('goes on at the step where it was, whichever that was, and asks for no answered turn again', async () => {
    const whole = toolRig(new FakeModel(...script()));
    await whole.run();
    for (let killedAt = 0; killedAt < whole.steps.length; killedAt += 1) {
      const model = new FakeModel(...script());
      const killed = toolRig(model);
      await failureOf(() => killed.run({ killedAt }));
      const before = killed.steps.filter(({ kind }) => kind === 'turn').length;
      expect(model.requests.length - before).toBeLessThanOrEqual(1);
      const next = toolRig(new FakeModel(...script().slice(before)));
      next.steps.push(...killed.steps);
      expect((await next.run()).result.keyPoints).toEqual(['Stop it.']);
      const keys = (steps: typeof next.steps) => steps.map(({ key }) => key).toSorted();
      expect(keys(next.steps)).toEqual(keys(whole.steps));
    }
  });

  it('keeps what was found when it is sent again, searches anew, and counts anew', async () => {
    const rig = toolRig(
      new FakeModel(calling(search('oil')), answer('E9'), answer('E9'), answer('E9'), answer('E9')),
    );
    await failureOf(() => rig.run());
    const model = new FakeModel(answer('E2'));
    const again = toolRig(model);
    again.steps.push(...rig.steps);
    const { result, costUsd } = await again.run({ drive: 1 });
    expect(result.evidence).toMatchObject([{ id: 'E2' }]);
    expect(costUsd).toBe(6);
    expect(again.steps.slice(rig.steps.length).map(({ key }) => key)).toEqual(['search/1', 'turn/5']);
  });
});
