import { z } from 'zod';
import { questionSchema, submissionSchema } from './question.ts';
import { partsShape } from './question-parts/parts.ts';
import { digitsAsText } from './text/parse-exact.ts';
import { isWellFormed } from './text/well-written.ts';

const HALF = { error: 'expected whole characters, came half of a surrogate pair' };

const { text, context, topic, subTopic, trainingType } = questionSchema.shape;
const { id, metadata } = submissionSchema.shape;

/** A part as every door takes it: in whole characters, and with the digits of long numbers as text. */
function asked<Part extends z.ZodType>(part: Part) {
  return z.preprocess(digitsAsText, part).refine(isWellFormed, HALF);
}

/** The parts of a question as every door takes them. */
export const askedPartsShape = {
  system: asked(partsShape.system).optional(),
  tools: asked(partsShape.tools).optional(),
  history: asked(partsShape.history).optional(),
  passages: asked(partsShape.passages).optional(),
  fields: asked(partsShape.fields).optional(),
  given: asked(partsShape.given).optional(),
  reference: asked(partsShape.reference).optional(),
};

/** A question as every door takes it: in whole characters. What older versions stored is read by `questionSchema`. */
export const askedQuestionSchema = questionSchema.extend({
  text: text.refine(isWellFormed, HALF),
  context: context.refine(isWellFormed, HALF),
  topic: topic.refine(isWellFormed, HALF),
  subTopic: subTopic.refine(isWellFormed, HALF),
  trainingType: trainingType.refine(isWellFormed, HALF),
  ...askedPartsShape,
});

const NO_FIELD = '__proto__';

/**
 * The user's own fields as every door takes them: in whole characters, and with the digits of long numbers as text. A name that no
 * object of JavaScript keeps as a field is refused, where it would be lost.
 */
export const askedMetadataSchema = z
  .preprocess((fields, { addIssue }) => {
    if (typeof fields === 'object' && fields !== null && Object.hasOwn(fields, NO_FIELD))
      addIssue({ code: 'custom', message: `expected fields of other names, came one named ${NO_FIELD}` });
    return fields;
  }, metadata.unwrap())
  .refine(isWellFormed, HALF)
  .transform((fields) =>
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, digitsAsText(value)])),
  );

/** Who asks, as every door takes it. */
export const askedSubmissionSchema = submissionSchema.extend({
  id: id.unwrap().refine(isWellFormed, HALF).optional(),
  metadata: askedMetadataSchema.optional(),
});
