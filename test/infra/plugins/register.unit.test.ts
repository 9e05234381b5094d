import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePlugin, type Plugin } from '../../../src/infra/plugins/plugin.ts';
import { registerPlugin } from '../../../src/infra/plugins/register.ts';
import { defineFormat } from '../../../src/stages/formats/format.ts';
import { exportFormats, exportLine } from '../../../src/stages/formats/index.ts';
import {
  trainingTypeNamed,
  trainingTypeSlot,
  trainingTypes,
} from '../../../src/stages/training-types/index.ts';
import { defineTrainingType } from '../../../src/stages/training-types/training-type.ts';
import { Failure } from '../../../src/streams/failure.ts';
import { exampleOf } from '../../stages/formats/fixtures.ts';

const flashcard = defineTrainingType({
  name: 'flashcard',
  description: 'a card with a front and a back',
  candidate: z.object({ front: z.string().min(1), back: z.string().min(1) }),
  instructions: 'Write one flashcard.',
  present: ({ front, back }) => `${front}\n\n${back}`,
  turns: ({ front, back }) => [{ user: front, assistant: back }],
});

const anki = defineFormat({
  name: 'anki',
  description: 'front and back: Anki',
  shapes: {
    answers: {
      lineOf: ([turn]) => (turn === undefined ? undefined : { front: turn.user, back: turn.assistant }),
      rule: z.strictObject({ front: z.string(), back: z.string() }),
    },
  },
});

const slides = { name: 'slides', version: '1', types: ['.slides'], module: 'millrace:text' };

const cards = definePlugin({
  name: '@me/cards',
  version: '1.0.0',
  trainingTypes: [flashcard],
  formats: [anki],
});

const undos: (() => void)[] = [];

function registered(plugin: Plugin): void {
  undos.push(registerPlugin(plugin).undo);
}

afterEach(() => {
  for (const undo of undos.splice(0)) undo();
});

function failureOf(plugin: unknown): Failure {
  try {
    registered(plugin as Plugin);
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  return expect.fail('no Failure was thrown');
}

describe('a plugin that is registered', () => {
  it('has its training type looked up, asked for and exported like one of ours', () => {
    registered(cards);
    const example = exampleOf('flashcard', { candidate: { front: 'Ion?', back: 'A charged atom.' } });
    expect(trainingTypeNamed('flashcard')).toBe(flashcard);
    expect(exportLine(example, 'anki')).toMatchObject({
      kind: 'line',
      value: { front: 'Ion?', back: 'A charged atom.' },
    });
    expect(exportLine(example, 'openai').kind).toBe('line');
  });

  it('stands behind ours, with its name and version beside its parts', () => {
    registered(cards);
    expect([...trainingTypes.keys()].at(-1)).toBe('flashcard');
    expect(exportFormats.at(-1)).toBe('anki');
    expect(trainingTypeSlot.sourceOf('flashcard')).toEqual({ name: '@me/cards', version: '1.0.0' });
    expect(trainingTypeSlot.sourceOf('sft')?.name).toBe('millrace');
  });

  it('changes nothing when it is registered again', () => {
    registered(cards);
    registered(cards);
    expect(exportFormats.filter((name) => name === 'anki')).toEqual(['anki']);
  });
});

describe('a bad plugin', () => {
  const other = { name: '@me/other', version: '2.1.0' };
  const unsayable = (candidate: z.ZodType<unknown>) => ({
    ...other,
    trainingTypes: [{ ...flashcard, candidate }],
  });

  it.each<[string, unknown, string]>([
    [
      'names a type that exists',
      { ...other, trainingTypes: [{ ...flashcard, name: 'sft' }] },
      'the training type sft cannot be registered: Millrace itself has one of that name. Give it another name',
    ],
    [
      'names a format that exists',
      { ...other, formats: [anki, { ...anki, name: 'record' }] },
      'the format record cannot be registered: Millrace itself has one of that name. Give it another name',
    ],
    [
      'brings two of one name',
      { ...other, formats: [anki, anki] },
      'the format anki cannot be registered: it brings two of that name. Give it another name',
    ],
    [
      'has a name that nobody can type',
      { ...other, formats: [{ ...anki, name: 'Anki 2' }] },
      'a format has the name "Anki 2": expected a-z, 0-9 and -, such as fact-check',
    ],
    [
      'has a schema without an object at its root',
      unsayable(z.string()),
      'the training type flashcard: its schema has no object at its root: wrap it, as in z.object({ items: … })',
    ],
    [
      'has a schema with a map',
      unsayable(z.object({ a: z.record(z.string(), z.string()) })),
      'the training type flashcard: its schema has a map with free keys at a: expected a list of objects, such as { name, value }',
    ],
    [
      'has a schema with an optional field',
      unsayable(z.object({ a: z.array(z.object({ b: z.string().optional() })) })),
      'the training type flashcard: its schema has the optional field a[].b: expected .nullable(), which a model has to answer',
    ],
    [
      'has a schema with a tuple',
      unsayable(z.object({ a: z.tuple([z.string(), z.number()]) })),
      'the training type flashcard: its schema cannot be said to a model at a (a tuple): expected objects, lists, texts, numbers, choices and unions',
    ],
    [
      'knows a slot that is none',
      { ...other, widgets: [] },
      'there is no slot named widgets: expected trainingTypes, formats',
    ],
    [
      'has something else in a slot',
      { ...other, formats: anki },
      'formats: expected a list, as in formats: [ … ]',
    ],
    [
      'has a format without lines',
      { ...other, formats: [{ ...anki, shapes: {} }] },
      'the format anki: expected shapes (answers, preferences or labels), or whole, and not both',
    ],
    [
      'has an extractor without a file',
      { ...other, extractors: [{ ...slides, module: './read-slides.ts' }] },
      "the extractor slides: expected module, the URL of a file, as in new URL('./read-subtitles.ts', import.meta.url)",
    ],
    [
      'has an extractor whose file is gone',
      { ...other, extractors: [{ ...slides, module: 'file:///no/read-slides.ts' }] },
      'the extractor slides: its module /no/read-slides.ts is not there',
    ],
    [
      'has an extractor of files that end in nothing',
      { ...other, extractors: [{ ...slides, types: ['slides'] }] },
      "the extractor slides: expected types, a list of endings such as ['.srt']",
    ],
    [
      'has an index that cannot be opened',
      { ...other, indexes: [{ name: 'notes', version: '1' }] },
      'the index notes: open: expected a function that gives put, remove and search',
    ],
    [
      'has two extractors of one ending',
      { ...other, extractors: [slides, { ...slides, name: 'talks' }] },
      'the extractor talks: slides reads .slides already',
    ],
  ])('that %s is told with its name, and nothing of it is registered', (_, plugin, problem) => {
    const before = [...trainingTypes.keys(), ...exportFormats];
    const failure = failureOf(plugin);
    expect(failure).toMatchObject({ kind: 'fatal', code: 'bad_plugin' });
    expect(failure.message).toContain(`Plugin @me/other 2.1.0: ${problem}`);
    expect([...trainingTypes.keys(), ...exportFormats]).toEqual(before);
  });

  it('with a date in its schema, which JSON cannot say, is told so', () => {
    expect(failureOf(unsayable(z.object({ at: z.date() }))).message).toMatch(
      /its schema cannot be said to a model \(/,
    );
  });

  it('of a name that another one has is refused', () => {
    registered(cards);
    expect(failureOf({ ...cards, version: '2.0.0' }).message).toContain(
      'Plugin @me/cards 2.0.0: a plugin of this name is registered already (1.0.0)',
    );
  });

  it('that throws while it is registered is told by its name', () => {
    const thrower = {
      ...other,
      get formats(): never {
        throw new TypeError('no such file');
      },
    };
    expect(failureOf(thrower).message).toContain(
      'Plugin @me/other 2.1.0: it threw while it was registered: no such file',
    );
  });

  it.each([
    [{ name: 'cards' }, /^Plugin cards: version: /],
    [null, /^Plugin without a name: it: /],
    [{ name: 'my cards!', version: '1.0.0' }, /^Plugin my cards!: name: expected a name as of a package/],
  ])('without a proper name or version is told what to do: %j', (plugin, message) => {
    expect(failureOf(plugin).message).toMatch(message);
  });
});

it('what a format from outside throws leaves the example out, with its reason', () => {
  const broken = defineFormat({
    ...anki,
    name: 'broken',
    shapes: {
      answers: {
        lineOf: () => {
          throw new TypeError('no turn');
        },
        rule: z.object({}),
      },
    },
  });
  registered(definePlugin({ name: 'broken', version: '0.0.1', formats: [broken] }));
  expect(exportLine(exampleOf('sft'), 'broken')).toEqual({
    kind: 'skipped',
    reason: 'format broken failed: no turn',
  });
});
