import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { endpointNameOf } from '../../../src/infra/config/model/endpoint-name.ts';
import { isSimulated } from '../../../src/infra/config/model/is-simulated.ts';
import { modelSettingsOf } from '../../../src/infra/config/model/model-settings.ts';
import { modelOf } from '../../../src/infra/config/model/open-model.ts';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import type { OpenModel } from '../../../src/infra/models/providers.ts';
import { missingPartsIn } from '../../../src/infra/plugins/missing-parts.ts';
import { definePlugin } from '../../../src/infra/plugins/plugin.ts';
import { registerPlugin } from '../../../src/infra/plugins/register.ts';
import type { ChatRequest } from '../../../src/stages/agent/chat-model.ts';
import { Failure } from '../../../src/streams/failure.ts';
import { failureOf } from '../../support/failure-of.ts';
import { recipes } from '../../support/stage/stage-fixtures.ts';

const settingsOf = (given: object = {}) => settingsSchema.parse(given);
const signal = new AbortController().signal;
const undos: (() => void)[] = [];

function withProvider(open: OpenModel, version = '1.0.0'): void {
  undos.push(registerPlugin(definePlugin({ name: '@me/models', version, models: { mine: open } })).undo);
}

function asking(model: string): ChatRequest {
  return { stage: 'review', messages: [], answer: { name: 'x', schema: {} }, settings: { model } };
}

beforeEach(() => {
  vi.stubEnv('OPENAI_API_KEY', '');
  vi.stubEnv('OPENAI_BASE_URL', '');
});
afterEach(() => {
  for (const undo of undos.splice(0)) undo();
});

describe('a model that is named by prefix', () => {
  it('is asked of the provider that a plugin registered, by its name without the prefix', async () => {
    const complete = vi.fn(async ({ settings }: ChatRequest) => ({ text: `by ${settings.model}` }));
    withProvider(() => ({ complete }));
    const model = await modelOf(settingsOf({ model: 'mine:large' }));
    expect(await model.complete(asking('mine:large'), signal)).toEqual({
      ...{ text: 'by large', reasoning: '', finishReason: 'stop', refusal: null, model: 'mine:large' },
      ...{ usage: { input: 0, output: 0, cached: 0, reasoning: 0 }, costUsd: null },
    });
    expect(model.address).toBe('mine');
  });

  it('needs neither a server nor a key, and is not simulated', () => {
    expect(isSimulated(settingsOf({ model: 'mine:large' }))).toBe(true);
    withProvider(() => ({ complete: async () => ({ text: '' }) }));
    expect(isSimulated(settingsOf({ model: 'mine:large' }))).toBe(false);
    expect(endpointNameOf(settingsOf({ model: 'mine:large' }), 'review')).toBe('mine:large');
  });

  it.each(['qwen3:8b', 'openai:gpt-4o', 'simulated:x', 'mine'])(
    'is none where nobody registered it: %s',
    (model) => {
      withProvider(() => ({ complete: async () => ({ text: '' }) }));
      const settings = settingsOf({ model, baseUrl: 'http://localhost:1/v1' });
      expect(endpointNameOf(settings, 'review')).toBe('http://localhost:1/v1');
      expect(modelSettingsOf(settings, 'review')).not.toHaveProperty('provider');
    },
  );

  it('may be one agent’s alone; a key that is brought by a function reaches it', async () => {
    withProvider(({ keyOf }) => ({ complete: async () => ({ text: (await keyOf('review')) ?? 'none' }) }));
    const settings = settingsOf({ apiKey: async () => 'k-1', agents: { review: { model: 'mine:judge' } } });
    expect(isSimulated(settings)).toBe(false);
    const model = await modelOf(settings);
    expect(await model.complete(asking('mine:judge'), signal)).toMatchObject({ text: 'k-1' });
    expect(model.address).toBe('https://api.openai.com/v1, mine');
  });

  it('has the plugin’s name and version in its recipe, and nobody else’s recipe has', () => {
    withProvider(() => ({ complete: async () => ({ text: '' }) }));
    const settings = settingsOf({ apiKey: () => 'k', agents: { review: { model: 'mine:judge' } } });
    expect(modelSettingsOf(settings, 'review').provider).toEqual({ name: '@me/models', version: '1.0.0' });
    expect(modelSettingsOf(settings, 'research')).not.toHaveProperty('provider');
  });
});

describe('a provider that fails', () => {
  it.each<[string, OpenModel, object]>([
    [
      'cannot open its model',
      () => Promise.reject(new Error('no licence')),
      { kind: 'fatal', code: 'bad_plugin' },
    ],
    ['gives something else', () => ({}) as never, { kind: 'fatal', code: 'bad_plugin' }],
    [
      'would mix invented answers with paid ones',
      () => ({ simulated: true, complete: async () => ({ text: '' }) }),
      { kind: 'fatal', code: 'bad_plugin' },
    ],
  ])('because it %s ends the start with its name', async (_, open, expected) => {
    withProvider(open);
    const failure = await failureOf(() => modelOf(settingsOf({ model: 'mine:large' })));
    expect(failure).toMatchObject(expected);
    expect(failure.message).toMatch(/^Plugin @me\/models 1\.0\.0: the model provider mine/);
  });

  it('in a call is asked again, as one that may pass; what it classified itself stays so', async () => {
    const complete = vi
      .fn()
      .mockRejectedValueOnce(new TypeError('fetch failed'))
      .mockRejectedValueOnce(new Failure('poison', 'too_long', 'Too long.'));
    withProvider(() => ({ complete }));
    const model = await modelOf(settingsOf({ model: 'mine:large' }));
    expect(await failureOf(() => model.complete(asking('mine:large'), signal))).toMatchObject({
      kind: 'transient',
      code: 'provider_failed',
      message: 'The model provider mine failed: fetch failed',
    });
    expect(await failureOf(() => model.complete(asking('mine:large'), signal))).toMatchObject({
      code: 'too_long',
    });
  });

  it('with a reply that is none is told what was expected', async () => {
    withProvider(() => ({ complete: async () => ({ content: 'x' }) as never }));
    const model = await modelOf(settingsOf({ model: 'mine:large' }));
    const failure = await failureOf(() => model.complete(asking('mine:large'), signal));
    expect(failure).toMatchObject({ kind: 'fatal', code: 'bad_plugin' });
    expect(failure.message).toContain('text');
  });
});

describe('a lane that works by a provider', () => {
  const review = { settings: { model: 'mine:judge', provider: { name: '@me/models', version: '1.0.0' } } };

  it('or by a training type of a plugin is left alone where that is missing: who reads or writes candidates', () => {
    const by = { ...recipes(), plugins: { flashcard: { name: '@me/cards', version: '1.0.0' } } };
    expect([...missingPartsIn(by)]).toEqual(
      ['generation', 'review'].map((stage) => [
        stage,
        expect.stringContaining('the training type flashcard of the plugin @me/cards 1.0.0, which is not'),
      ]),
    );
    expect(missingPartsIn(recipes())).toEqual(new Map());
  });

  it('is worked where that plugin is registered in that version', () => {
    withProvider(() => ({ complete: async () => ({ text: '' }) }));
    expect(missingPartsIn(recipes(review))).toEqual(new Map());
  });

  it.each([
    [undefined, 'which is not registered here'],
    ['1.1.0', 'and registered here is @me/models 1.1.0'],
  ])('is left alone where it is not, stage by stage: %s', (version, what) => {
    if (version !== undefined) withProvider(() => ({ complete: async () => ({ text: '' }) }), version);
    expect(missingPartsIn(recipes(review))).toEqual(
      new Map([
        ['review', expect.stringContaining(`the model mine:judge of the plugin @me/models 1.0.0, ${what}`)],
      ]),
    );
    expect(missingPartsIn(recipes(review)).get('review')).toContain('install @me/models@1.0.0');
  });
});
