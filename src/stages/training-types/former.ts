import { z } from 'zod';
import { Failure } from '../../streams/failure.ts';
import type { Lane } from '../lanes/lane.ts';
import type { Question } from '../question.ts';
import { canonical } from '../text/canonical-json.ts';
import { trainingTypes, typeIn } from '../training-types/index.ts';
import { typeFrom } from './data/from-definition.ts';
import { faultsText } from './faults.ts';
import type { AnyTrainingType, ParsedCandidate } from './training-type.ts';

/** By the name of the type, then by what the definition says: those that lanes name and that are not registered. */
const former = new Map<string, Map<string, AnyTrainingType>>();

/** Keeps another definition of a type that is registered, for examples that were made by it. Those kept first are tried first. */
export function keepFormer(type: AnyTrainingType): void {
  const known = former.get(type.name) ?? new Map<string, AnyTrainingType>();
  former.set(type.name, known);
  const said = canonical(type.definition);
  if (!known.has(said)) known.set(said, type);
}

/**
 * The type by which a stored candidate is read: the registered one where it fits it, else the first of the definitions kept that it
 * fits, else the registered one, whose `parse` then says what is wrong. `undefined` where the type is unknown.
 */
export function typeOfCandidate(candidate: unknown, question: Question): AnyTrainingType | undefined {
  const registered = trainingTypes.get(question.trainingType);
  const others = former.get(question.trainingType)?.values();
  if (registered === undefined || others === undefined) return registered;
  return [registered, ...others].find((type) => fits(type, candidate, question)) ?? registered;
}

/**
 * The type by which a candidate is read on its way through a lane: that of its recipes where it fits it, else the first of those that the
 * lane went by before that it fits, else that of its recipes. `undefined` where the type is unknown.
 */
export function typeOnTheWay(
  { recipes, formerTypes = [] }: Pick<Lane, 'recipes' | 'formerTypes'>,
  question: Question,
  candidate: unknown,
): AnyTrainingType | undefined {
  const { trainingType } = question;
  const type = typeIn(recipes, trainingType);
  if (type !== undefined && fits(type, candidate, question)) return type;
  const before = formerTypes.filter(({ name }) => name === trainingType);
  return before.map(typeOrNone).find((each) => each !== undefined && fits(each, candidate, question)) ?? type;
}

/** What was allowed once may be refused today. */
function typeOrNone(definition: Readonly<Record<string, unknown>>): AnyTrainingType | undefined {
  try {
    return typeFrom(definition, `type ${String(definition['name'])}`);
  } catch {
    return undefined;
  }
}

/**
 * A stored candidate, read by the type. Throws a Failure: `type_changed` where the type is data, since it fitted once, and
 * `schema_mismatch` of any other.
 */
export function readBy(type: AnyTrainingType, candidate: unknown, question: Question): ParsedCandidate {
  try {
    return type.parse(candidate, question);
  } catch (error) {
    const { cause } = error instanceof Failure ? error : {};
    if (type.definition === undefined || !(cause instanceof z.ZodError)) throw error;
    const message = `the type ${type.name} has changed since, and no definition of it here fits (${faultsText(cause)}): put the old one back, or write these anew with run --redo generation`;
    throw new Failure('content', 'type_changed', message, { cause: error });
  }
}

function fits(type: AnyTrainingType, candidate: unknown, question: Question): boolean {
  try {
    type.parse(candidate, question);
    return true;
  } catch {
    return false;
  }
}
