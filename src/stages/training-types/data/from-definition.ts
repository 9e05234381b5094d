import type { z } from 'zod';
import { errorText, Failure } from '../../../streams/failure.ts';
import type { Turn } from '../../formats/turn.ts';
import type { Question } from '../../question.ts';
import { faultInWords, faultsText } from '../faults.ts';
import { type AnyTrainingType, defineTrainingType } from '../training-type.ts';
import { candidateFrom } from './candidate-schema.ts';
import { checked, faultInChecks } from './checks.ts';
import { broughtColumns, columnValue, faultInColumn } from './columns.ts';
import { type TypeDefinition, typeDefinitionSchema } from './definition.ts';
import { candidateOf, faultInGiven } from './given.ts';
import { faultInInstructions, faultInTemplate, filled } from './view.ts';

const made = new WeakMap<object, AnyTrainingType>();

/**
 * The training type that a definition says. Throws a fatal Failure (`bad_type`, `bad_schema`) that says what is wrong.
 * @param where the definition stands, for people.
 */
export function typeFrom(definition: unknown, where: string): AnyTrainingType {
  const known = typeof definition === 'object' && definition !== null ? made.get(definition) : undefined;
  if (known !== undefined) return known;
  const parsed = typeDefinitionSchema.safeParse(definition, { error: faultInWords });
  if (!parsed.success) throw bad('bad_type', where, faultsText(parsed.error));
  const type = typeOf(parsed.data, where);
  if (typeof definition === 'object' && definition !== null) made.set(definition, type);
  return type;
}

function typeOf(definition: TypeDefinition, where: string): AnyTrainingType {
  const { name, description, instructions, judge, messages = [], pair, columns, given } = definition;
  const { context_turn: contextTurn } = definition;
  const fields = Object.keys(Object(definition.candidate['properties']));
  const schema = schemaOf(definition, where);
  assertTemplates(definition, fields, where);
  const type = defineTrainingType<unknown>({
    name,
    description: description ?? `of ${where}`,
    candidate: schema,
    instructions,
    present: (candidate, question) =>
      judge === undefined ? JSON.stringify(candidate, null, 1) : filled(judge, Object(candidate), question),
    turns: (candidate, question) => turnsOf(messages, Object(candidate), question),
    pair:
      pair &&
      ((candidate, question) => ({
        prompt: pair.prompt === undefined ? question.text : filled(pair.prompt, Object(candidate), question),
        chosen: filled(pair.chosen, Object(candidate), question),
        rejected: filled(pair.rejected, Object(candidate), question),
      })),
    fromAnswer: given && ((answer, question) => candidateOf({ given, fields }, answer, question)),
  });
  const unsaid = messages.length === 0 ? 'columns' : undefined;
  return {
    ...type,
    format: pair === undefined ? unsaid : 'dpo',
    ...{ contextTurn, definition },
    columns: (candidate, example, asker) => ({
      ...(columns === undefined ? broughtColumns(example.question) : {}),
      ...Object.fromEntries(
        Object.entries(columns ?? Object.fromEntries(fields.map((field) => [field, `/${field}`]))).map(
          ([column, value]) => [column, columnValue(value, Object(candidate), example, asker)],
        ),
      ),
    }),
  };
}

function schemaOf({ candidate, verify = [] }: TypeDefinition, where: string): z.ZodType<unknown> {
  const schema = orBad(
    () => candidateFrom(candidate),
    (why) => bad('bad_schema', where, `candidate: ${why}`),
  );
  const fault = faultInChecks(candidate, verify);
  if (fault !== undefined) throw bad('bad_type', where, `verify${fault}`);
  return orBad(
    () => checked(schema, verify),
    (why) => bad('bad_type', where, `verify: ${why}`),
  );
}

function orBad<T>(make: () => T, failure: (why: string) => Failure): T {
  try {
    return make();
  } catch (error) {
    throw failure(errorText(error));
  }
}

function turnsOf(
  messages: NonNullable<TypeDefinition['messages']>,
  candidate: object,
  question: Question,
): readonly Turn[] {
  const fill = (template: string) => filled(template, candidate, question);
  let user = '';
  return messages.flatMap((message) => {
    if ('assistant' in message) {
      const { assistant, reasoning } = message;
      return [{ user, assistant: fill(assistant), ...(reasoning && { reasoning: fill(reasoning) }) }];
    }
    user = fill(message.user);
    return [];
  });
}

function assertTemplates(definition: TypeDefinition, fields: readonly string[], where: string): void {
  const { judge, messages = [], pair = {}, columns = {}, given = {} } = definition;
  const said = messages.flatMap((message, index) =>
    Object.values(message).map((text) => [`messages[${index}]`, String(text)] as const),
  );
  const pointers = Object.entries(columns).filter(([, value]) => !/^[/$]/.test(value));
  const templates: readonly (readonly [string, string])[] = [
    ...(judge === undefined ? [] : [['judge', judge] as const]),
    ...said,
    ...Object.entries(pair).map(([key, text]) => [`pair.${key}`, String(text)] as const),
    ...pointers.map(([column, text]) => [`columns.${column}`, text] as const),
  ];
  for (const [place, text] of templates) {
    const fault = faultInTemplate(text, fields);
    if (fault !== undefined) throw bad('bad_type', where, `${place} ${fault}`);
  }
  const inInstructions = faultInInstructions(definition.instructions);
  if (inInstructions !== undefined) throw bad('bad_type', where, `instructions ${inInstructions}`);
  for (const [column, value] of Object.entries(columns)) {
    const fault = faultInColumn(value, fields);
    if (fault !== undefined) throw bad('bad_type', where, `columns.${column} ${fault}`);
  }
  const fault = faultInGiven(given, fields);
  if (fault !== undefined) throw bad('bad_type', where, `given${fault}`);
  const order = messages.findIndex((message, index) => 'user' in message !== (index % 2 === 0));
  if (order >= 0 || messages.length % 2 !== 0)
    throw bad(
      'bad_type',
      where,
      'messages: expected user and assistant in turns, from the user to the assistant',
    );
}

function bad(code: 'bad_type' | 'bad_schema', where: string, why: string): Failure {
  return new Failure('fatal', code, `${where}: ${why}`);
}
