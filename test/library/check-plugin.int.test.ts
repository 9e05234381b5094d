import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineIndex, type IndexHit } from '../../src/infra/documents/index/plugin/index-provider.ts';
import { definePlugin } from '../../src/infra/plugins/plugin.ts';
import { checkPlugin } from '../../src/library/check-plugin.ts';
import { defineFormat } from '../../src/stages/formats/format.ts';
import { trainingTypes } from '../../src/stages/training-types/index.ts';
import { defineTrainingType } from '../../src/stages/training-types/training-type.ts';
import { failureOf } from '../support/failure-of.ts';
import { tempDir } from '../support/temp-dir.ts';

const word = z.string().min(1);
const card = {
  name: 'flashcard',
  description: 'a card with a front and a back',
  candidate: z.object({ front: word, back: word }),
  instructions: 'Write one flashcard.',
  present: ({ front, back }: { front: string; back: string }) => `${front}\n\n${back}`,
  turns: ({ front, back }: { front: string; back: string }) => [{ user: front, assistant: back }],
};
const anki = {
  name: 'anki',
  description: 'front and back: Anki',
  shapes: {
    answers: {
      lineOf: ([turn]: readonly { user: string; assistant: string }[]) =>
        turn === undefined ? undefined : { front: turn.user, back: turn.assistant },
      rule: z.strictObject({ front: word, back: word }),
    },
  },
};
const plugin = (parts: object) => definePlugin({ name: '@me/cards', version: '1.0.0', ...parts });

describe('a plugin that is checked', () => {
  it('goes the whole way by the simulated model, and is taken out again', async () => {
    const cards = plugin({ trainingTypes: [defineTrainingType(card)], formats: [defineFormat(anki)] });
    expect(await checkPlugin(cards)).toEqual({ checked: ['training type flashcard', 'format anki'] });
    expect(trainingTypes.has('flashcard')).toBe(false);
  });

  it('has its extractors loaded: one that reads nothing here is told of, and one that refuses a text is not', async () => {
    const dir = await tempDir();
    const extractor = async (name: string, code: string) => {
      await writeFile(join(dir, `${name}.ts`), code);
      return { name, version: '1', types: [`.${name}`], module: pathToFileURL(join(dir, `${name}.ts`)) };
    };
    const picky = await extractor('picky', 'export const extract = () => { throw new Error("no slides"); };');
    const other = await extractor('other', 'export const read = 1;');
    expect(await checkPlugin(plugin({ extractors: [picky] }))).toEqual({ checked: ['extractor picky'] });
    expect((await failureOf(() => checkPlugin(plugin({ extractors: [picky, other] })))).message).toMatch(
      /^Plugin @me\/cards 1\.0\.0: extractor other: \/.*other\.ts has no export extract/,
    );
  });

  it('has its indexes searched: one that never loses anything is told of', async () => {
    const hits: IndexHit[] = [];
    const hoarder = defineIndex({
      name: 'hoarder',
      version: '1',
      open: () => ({
        put: (documents) => {
          const fresh = documents.flatMap(({ document, chunks }) =>
            chunks.map((chunk) => ({ document, chunk })),
          );
          const isNew = (one: IndexHit) => hits.every((other) => other.document.path !== one.document.path);
          hits.push(...fresh.filter(isNew));
        },
        remove: () => undefined,
        search: ({ sources }) => hits.filter(({ document }) => sources?.includes(document.source) !== false),
      }),
    });
    expect((await failureOf(() => checkPlugin(plugin({ indexes: [hoarder] })))).message).toMatch(
      /index hoarder: search found b\/two\.md once another text was put there/,
    );
  });

  it.each([
    [
      'present gives an empty text',
      { trainingTypes: [defineTrainingType({ ...card, present: () => ' ' })] },
      'training type flashcard: present gives an empty text',
    ],
    [
      'its schema does not take what it gives',
      {
        trainingTypes: [
          defineTrainingType({
            ...card,
            candidate: z
              .object({ front: word, back: word })
              .transform((each) => ({ ...each, back: `${each.back}!` })),
          }),
        ],
      },
      'Plugin @me/cards 1.0.0: the training type flashcard: its schema cannot be said',
    ],
    [
      'a format breaks its own rule',
      {
        formats: [
          defineFormat({
            ...anki,
            shapes: {
              answers: { ...anki.shapes.answers, rule: z.strictObject({ front: z.string().max(1) }) },
            },
          }),
        ],
      },
      'format anki: the line breaks the rule of anki',
    ],
    [
      'a format holds nothing',
      {
        formats: [
          defineFormat({ ...anki, shapes: { answers: { ...anki.shapes.answers, lineOf: () => undefined } } }),
        ],
      },
      'format anki: it holds no example at all',
    ],
  ])('is told that %s', async (_, parts, problem) => {
    await expect(checkPlugin(plugin(parts))).rejects.toMatchObject({
      code: 'bad_plugin',
      message: expect.stringContaining(problem),
    });
  });
});
