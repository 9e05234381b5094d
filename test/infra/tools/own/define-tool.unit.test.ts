import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { LookUpCache } from '../../../../src/infra/tools/cache/look-up-cache.ts';
import { defineTool } from '../../../../src/infra/tools/own/define-tool.ts';
import type { OwnTool } from '../../../../src/infra/tools/own/tool-definition.ts';
import { failureOf } from '../../../support/failure-of.ts';
import { fakeLookUps } from '../../../support/fakes/fake-look-ups.ts';

const usual = { name: 'part_number', version: '1', description: 'Finds parts.', reach: 'local' } as const;
const kept = new LookUpCache(fakeLookUps());
const fetch = async (url: string) => ({ url, type: 'text/plain', text: `read ${url}` });
const opened = (tool: OwnTool) => tool.open({ fetch, kept });
const call = (tool: OwnTool, args: object) =>
  opened(tool).run({ ...args }, { signal: new AbortController().signal, shownUrls: new Set() });

describe('a tool of one’s own', () => {
  it('gets arguments as its zod schema says, and gives pieces under names by which they are forgotten', async () => {
    const tool = defineTool({
      ...usual,
      parameters: z.object({ model: z.string(), limit: z.coerce.number().default(3) }),
      run: async ({ model, limit }) => ({
        pieces: [
          {
            title: model,
            text: `${model} x ${limit}`,
            source: `parts/${model}`,
            url: 'https://example.org/a',
          },
        ],
        costUsd: 0.5,
      }),
    });
    expect(opened(tool)).toMatchObject({
      price: 0,
      reach: 'local',
      parameters: { type: 'object', required: ['model'] },
    });
    expect(await call(tool, { model: 'A1' })).toMatchObject({
      pieces: [
        { kind: 'tool', source: 'tool:part_number.parts/A1', title: 'A1', text: 'A1 x 3', start: 0, end: 6 },
      ],
      urls: ['https://example.org/a'],
      costUsd: 0.5,
    });
  });

  it('may give a text alone, which is one piece', async () => {
    const parameters = { type: 'object', properties: { model: { type: 'string' } } };
    const said = defineTool({ ...usual, parameters, run: async ({ model }) => `It is ${model}.` });
    expect(await call(said, { model: 'A1' })).toMatchObject({
      pieces: [{ title: 'part_number', text: 'It is A1.' }],
    });
    expect(opened(said).parameters).toEqual(parameters);
  });

  it('reads addresses by the safe way', async () => {
    const reading = defineTool({
      ...usual,
      parameters: { type: 'object' },
      run: async (_, context) => (await context.fetch('https://example.org/')).text,
    });
    expect(await call(reading, {})).toMatchObject({ pieces: [{ text: 'read https://example.org/' }] });
  });

  it('tells the model of arguments that it does not take', async () => {
    const tool = defineTool({ ...usual, parameters: z.object({ model: z.string() }), run: async () => '' });
    expect(await failureOf(() => call(tool, { model: 1 }))).toMatchObject({
      kind: 'content',
      code: 'bad_arguments',
    });
  });

  it('that throws may pass, and that gives nonsense stops everything', async () => {
    const parameters = { type: 'object' };
    const broken = defineTool({ ...usual, parameters, run: () => Promise.reject(new Error('no network')) });
    expect(await failureOf(() => call(broken, {}))).toMatchObject({
      kind: 'transient',
      message: 'The tool part_number failed: no network',
    });
    const odd = defineTool({ ...usual, parameters, run: async () => JSON.parse('{"pieces":[{}]}') });
    expect(await failureOf(() => call(odd, {}))).toMatchObject({ kind: 'fatal', code: 'bad_tool' });
  });

  it('is kept where it is cacheable', async () => {
    let calls = 0;
    const tool = defineTool({
      ...usual,
      parameters: { type: 'object' },
      cacheable: { days: 30 },
      run: async () => {
        calls += 1;
        return 'once';
      },
    });
    await call(tool, { a: 1 });
    expect(await call(tool, { a: 1 })).toMatchObject({ cached: true, pieces: [{ text: 'once' }] });
    expect(calls).toBe(1);
  });
});
