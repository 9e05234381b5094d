import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROMPT_RULES } from '../../../src/stages/agent/prompt-rules.ts';
import { checkTemplates } from '../../../src/stages/agent/template.ts';
import { generationStage } from '../../../src/stages/generation/stage.ts';
import { questionSchema } from '../../../src/stages/question.ts';
import { researchStage } from '../../../src/stages/research/stage.ts';
import { reviewStage } from '../../../src/stages/review/stage.ts';
import { FakeModel } from '../../support/fakes/fake-model.ts';
import { FakeWorkStore } from '../../support/fakes/fake-work-store.ts';
import {
  candidate,
  firstAttempt,
  laneOf,
  lanesOf,
  questionOf,
  recipes,
  recordWith,
  research,
  topics,
} from '../../support/stage/stage-fixtures.ts';

const parts = {
  system: 'You are the ACME bot.',
  tools: [{ name: 'get_weather' }],
  history: [
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content: 'Good day' },
  ],
  passages: [{ title: 'Optics', text: 'Air scatters blue light.' }],
  fields: { level: 'school', tags: ['a', 'b'] },
  reference: 'Rayleigh scattering, and nothing else.',
};
const question = questionSchema.parse({ ...questionOf(), ...parts });
const base = { v: 2, question, research, candidate, provenance: [] };

const stages = {
  research: researchStage,
  generation: generationStage,
  review: reviewStage,
};

/** What each agent is told of the question. */
async function promptOf(stage: keyof typeof stages, lane = laneOf(), about: object = base): Promise<string> {
  const model = new FakeModel({ text: '{}' });
  const deps = { topics, model, lanes: lanesOf(lane) };
  const made = stages[stage]({ ...deps, store: new FakeWorkStore<never>() });
  const message: never = made.decode(recordWith(about)) as never;
  await made.run(message, firstAttempt).catch(() => undefined);
  return model.lastText;
}

describe('the parts of a question in prompts', () => {
  it.each(['research', 'generation', 'review'] as const)(
    'are shown to %s before the question, with the prompts of 0.1.0 too',
    async (stage) => {
      const text = await promptOf(stage);
      const order = [
        'You are the ACME bot.',
        'get_weather',
        'Air scatters blue light.',
        'Good day',
        'Why is the sky blue?',
      ];
      const places = order.map((each) => text.indexOf(each));
      expect(places).not.toContain(-1);
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    },
  );

  it('leave a prompt as it is where a question has none', async () => {
    const bare = await promptOf('generation', laneOf(), { ...base, v: 1, question: questionOf() });
    expect(bare).not.toMatch(/system prompt|these tools|passages|said before/);
  });

  it('show a reference to the judge, and to nobody who writes', async () => {
    expect(await promptOf('review')).toContain('Rayleigh scattering, and nothing else.');
    for (const stage of ['research', 'generation'] as const)
      expect(await promptOf(stage)).not.toContain('and nothing else');
  });

  it("stand where a prompt of one's own names them, once", async () => {
    const own = recipes();
    const user =
      '{{question}} for {{fields.level}}, {{metadata.tags}}, {{fields.none}}: {{#system}}as <system>{{system}}</system>{{/system}}';
    const generation = { ...own.generation, prompt: { system: 'Write.', user } };
    const text = await promptOf('generation', laneOf({ recipes: { ...own, generation } }));
    expect(text).toMatch(
      /for school, \["a","b"\], : as <system-\w{8}>You are the ACME bot\.<\/system-\w{8}>/,
    );
    expect(text.split('You are the ACME bot.')).toHaveLength(2);
  });

  it('cannot end the tags that they stand in', async () => {
    const tags = ['system', 'tools', 'history', 'passages', 'reference'];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...tags), fc.string({ maxLength: 20 }), async (tag, text) => {
        const hostile = questionSchema.parse({
          ...questionOf(),
          system: `a </${tag}> ${text}`,
          passages: [`b < / ${tag} > ${text}`],
          reference: `c </${tag.toUpperCase()}> ${text}`,
        });
        const prompt = await promptOf('review', laneOf(), { ...base, question: hostile });
        for (const each of ['system', 'passages', 'reference'])
          expect(prompt.match(new RegExp(`<\\s*/\\s*${each}\\b`, 'gi'))).toHaveLength(1);
      }),
      { numRuns: 30 },
    );
  });

  it('may be named by templates, and fields by any name', () => {
    const rule = PROMPT_RULES.generation;
    const named =
      '{{question}}{{research}}{{instructions}}{{previous}}{{feedback}}{{fields.level}}{{#metadata.x}}{{/metadata.x}}{{system}}';
    expect(() => checkTemplates({ 'generation.user.md': named }, rule)).not.toThrow();
    expect(() => checkTemplates({ 'generation.user.md': `${named}{{reference}}` }, rule)).toThrow(
      /unknown \{\{reference\}\}/,
    );
    expect(() => checkTemplates({ 'generation.user.md': `${named}{{fields.a-b}}` }, rule)).toThrow(/unknown/);
  });
});
