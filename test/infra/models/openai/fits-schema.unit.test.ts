import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { isOfShape } from '../../../../src/infra/models/openai/fits-schema.ts';
import { chatReply } from '../../../support/fakes/fake-model.ts';

const answer = z.object({
  turns: z.array(z.object({ user: z.string().min(3), score: z.number().meta({ enum: [1, 2, 3] }) })),
  note: z.union([z.string(), z.null()]),
});
const schema = z.toJSONSchema(answer, { target: 'draft-7' });
const fits = (text: string, more = {}) => isOfShape(chatReply({ text, ...more }), { name: 'a', schema });

describe('the shape of a reply', () => {
  it.each([
    '{"turns": [{"user": "Why?", "score": 2}], "note": null}',
    '{"turns": [], "note": "x", "more": 1}',
    '{"turns": [{"user": "x", "score": 2}], "note": null}',
    'Here: {"turns": [], "note": null}',
    '{"turns": [{"user": "\\\\(x\\\\)", "score": 1}], "note": null}',
  ])('is that of its schema: %s', (text) => {
    expect(fits(text)).toBe(true);
  });

  it.each([
    'Sure! Let me explain.',
    '{"conversation": []}',
    '[{"turns": [], "note": null}]',
    '{"turns": [{"role": "user"}], "note": null}',
    '{"turns": [{"user": "Why?", "score": 4}], "note": null}',
    '{"turns": [{"user": "Why?", "score": "2"}], "note": null}',
    '{"turns": {}, "note": null}',
    '{"turns": [], "note": 1}',
  ])('is another: %s', (text) => {
    expect(fits(text)).toBe(false);
  });

  it('is not told by a reply that was cut off, refused or left empty', () => {
    expect(fits('{"turns": [', { finishReason: 'length' })).toBe(true);
    expect(fits('No.', { refusal: 'No.' })).toBe(true);
    expect(fits(' ')).toBe(true);
  });
});
