import type { z } from 'zod';
import { Failure } from '../../streams/failure.ts';
import type { Recipes, UserTurn } from '../lanes/recipe.ts';
import { type QuestionTool, toolsSchema } from '../question-parts/tools.ts';
import { Slot } from '../registry/slot.ts';
import { conversation } from './conversation.ts';
import { typeFrom } from './data/from-definition.ts';
import { dpo } from './dpo.ts';
import { reasoning } from './reasoning.ts';
import { sft } from './sft.ts';
import { toolCalls } from './tool-calls.ts';
import { type AnyTrainingType, faultInType, formOf } from './training-type.ts';

/** Ours. A new one is a file of its own and an entry here. */
export const OWN_TYPES: readonly AnyTrainingType[] = [sft, reasoning, conversation, dpo, toolCalls];

export const trainingTypeSlot = new Slot<AnyTrainingType>({
  noun: 'training type',
  faultIn: faultInType,
  own: OWN_TYPES,
});

/** The training types by name: ours, then those of plugins. */
export const trainingTypes: ReadonlyMap<string, AnyTrainingType> = trainingTypeSlot.parts;

/** Throws a fatal Failure `unknown_training_type` that lists the known ones. */
export function trainingTypeNamed(name: string): AnyTrainingType {
  return trainingTypeSlot.named(name, 'unknown_training_type');
}

const VERBATIM = '/verbatim';
const TOOLS = ' tools:';

/**
 * What the shape of a candidate is called in the journal. Journals of 0.1.0 know the names of types alone, and mean their first form.
 * That of a type which calls tools has them with it: whoever reads the answer must check its calls.
 */
export function shapeNameOf(
  { name, rephrased, calls }: AnyTrainingType,
  userTurn: UserTurn,
  tools: readonly QuestionTool[] = [],
): string {
  const form = rephrased !== undefined && userTurn === 'verbatim' ? `${name}${VERBATIM}` : name;
  return calls === undefined ? form : `${form}${TOOLS}${JSON.stringify(tools)}`;
}

/** The type as a lane has it: one that is data travels in its recipes, and a worker need not have its file. */
export function typeIn(recipes: Pick<Recipes, 'types'>, name: string): AnyTrainingType | undefined {
  const types = recipes.types ?? {};
  const entry = Object.hasOwn(types, name) ? types[name] : undefined;
  return entry?.definition === undefined
    ? trainingTypes.get(name)
    : typeFrom(entry.definition, `type ${name}`);
}

/** What a candidate of the shape must be, in the lane of these recipes, and what its calls must fit. Throws a Failure (`unknown_training_type`). */
export function shapeNamed(
  shape: string,
  recipes: Pick<Recipes, 'types'>,
): Readonly<{ type: AnyTrainingType; candidate: z.ZodType<unknown>; tools: readonly QuestionTool[] }> {
  const end = shape.indexOf(TOOLS);
  const form = end < 0 ? shape : shape.slice(0, end);
  const tools = end < 0 ? [] : shape.slice(end + TOOLS.length);
  const verbatim = form.endsWith(VERBATIM);
  const type = typeIn(recipes, verbatim ? form.slice(0, -VERBATIM.length) : form);
  if (type === undefined)
    throw new Failure('fatal', 'unknown_training_type', `There is no training type named "${form}".`);
  const { candidate } = formOf(type, verbatim ? 'verbatim' : 'rephrase');
  return { type, candidate, tools: toolsSchema.parse(tools) };
}
