import { z } from 'zod';
import { questionSchema, submissionSchema } from './question.ts';
import { partsShape } from './question-parts/parts.ts';
import { digitsAsText } from './text/parse-exact.ts';
import { isWellFormed } from './text/well-formed.ts';

const HALF = { error: 'expected whole characters, came half of a surrogate pair' };

const { text, context, topic, subTopic, trainingType } = questionSchema.shape;
const { id, metadata } = submissionSchema.shape;

/** A part as it may come in: in whole characters, and with the digits of long numbers as text. */
function input<Part extends z.ZodType>(part: Part) {
  return z.preprocess(digitsAsText, part).refine(isWellFormed, HALF);
}

/** The parts of a question, as every way in takes them: files, HTTP and the library. */
export const partsInputShape = {
  system: input(partsShape.system).optional(),
  tools: input(partsShape.tools).optional(),
  history: input(partsShape.history).optional(),
  passages: input(partsShape.passages).optional(),
  fields: input(partsShape.fields).optional(),
  given: input(partsShape.given).optional(),
  reference: input(partsShape.reference).optional(),
};

/** A question, as every way in takes it: in whole characters. What older versions stored is read by `questionSchema`. */
export const questionInputSchema = questionSchema.extend({
  text: text.refine(isWellFormed, HALF),
  context: context.refine(isWellFormed, HALF),
  topic: topic.refine(isWellFormed, HALF),
  subTopic: subTopic.refine(isWellFormed, HALF),
  trainingType: trainingType.refine(isWellFormed, HALF),
  ...partsInputShape,
});

const NO_FIELD = '__proto__';

/**
 * The user's own fields, as every way in takes them: in whole characters, and with the digits of long numbers as text. A name that no
 * object of JavaScript keeps as a field is refused, because it would be lost.
 */
export const metadataInputSchema = z
  .preprocess((fields, { addIssue }) => {
    if (typeof fields === 'object' && fields !== null && Object.hasOwn(fields, NO_FIELD))
      addIssue({ code: 'custom', message: `expected fields of other names, came one named ${NO_FIELD}` });
    return fields;
  }, metadata.unwrap())
  .refine(isWellFormed, HALF)
  .transform((fields) =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, digitsAsText(value)])),
  );

/** Who asks, as every way in takes it. */
export const submissionInputSchema = submissionSchema.extend({
  id: id.unwrap().refine(isWellFormed, HALF).optional(),
  metadata: metadataInputSchema.optional(),
});
