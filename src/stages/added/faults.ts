import { z } from 'zod';
import { ENDS } from '../../streams/delivery/question-status.ts';
import { Failure } from '../../streams/failure.ts';
import { checkTemplates } from '../agent/template.ts';
import { ROWS } from '../rows.ts';
import { faultInAnswer } from '../training-types/answerable-schema.ts';
import type { AddedStage } from './added-stage.ts';
import { stagesInOrder } from './in-order.ts';
import { TEMPLATE_RULE, taggedPrompt } from './prompt.ts';

/** What has a topic, or a place in a list of stages, and is none. */
const RESERVED: ReadonlySet<string> = new Set(['verdicts', 'dataset', 'shadow', 'budget']);
const OUR_STATUSES = ['pending', ...ROWS.map(({ status }) => status), ...ENDS];
const functionOf = (what: string) => z.custom((value) => typeof value === 'function', what);

const shape = z.looseObject({
  name: z.string(),
  after: z.string('expected the name of the stage behind which it stands'),
  status: z
    .string('expected where a question stands behind it, such as checked')
    .regex(/^[a-z][a-z0-9_]{0,39}$/, 'expected a-z, 0-9 and _, such as checked'),
  asksModel: z.boolean('expected true, or false for a stage that works its result out by itself'),
  decide: functionOf('expected a function (message, result, next) that returns what next.emit(…) gives'),
});
const promptShape = z.union([z.string(), z.object({ system: z.string(), user: z.string() })]);

/** Why this is no stage, as the end of "stage fact-check: …"; `undefined` where it is one. */
export function faultInStage(part: unknown): string | undefined {
  const { data: stage, error } = shape.safeParse(part);
  const [issue] = error?.issues ?? [];
  if (issue !== undefined) return `${issue.path.join('.')}: ${issue.message}`;
  if (stage === undefined) return 'expected what defineStage returns';
  if (RESERVED.has(stage.name))
    return `the name ${stage.name} has a meaning of its own. Give it another name`;
  const fault = faultInAnswer(stage['result'], 'result');
  if (fault !== undefined) return `its schema ${fault}`;
  if (stage.asksModel) return faultInPrompt(stage['prompt']);
  return typeof stage['work'] === 'function'
    ? undefined
    : 'work: expected a function (message, signal) that gives a result, or asksModel: true and a prompt';
}

function faultInPrompt(prompt: unknown): string | undefined {
  const { data } = promptShape.safeParse(prompt);
  if (data === undefined)
    return 'prompt: expected a text such as "Name each false claim in {{candidate}}", or { system, user }';
  const { system, user } = taggedPrompt(data);
  try {
    checkTemplates({ prompt: `${system}\n${user}` }, TEMPLATE_RULE);
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
  return undefined;
}

/** What is wrong between stages that are registered together, and in which of them; `undefined` where nothing is. */
export function faultsAmong(
  stages: readonly AddedStage[],
): Readonly<{ part: AddedStage; fault: string }> | undefined {
  const placed = new Set(stagesInOrder(ROWS, stages).map(({ name }) => name));
  const names = new Set([...ROWS, ...stages].map(({ name }) => name));
  for (const [index, part] of stages.entries()) {
    const others = stages.slice(0, index).map(({ status }) => status);
    const fault = faultInPlace(part, names, placed) ?? faultInStatus(part, others);
    if (fault !== undefined) return { part, fault };
  }
  return undefined;
}

function faultInPlace(
  { name, after }: AddedStage,
  names: ReadonlySet<string>,
  placed: ReadonlySet<string>,
): string | undefined {
  const places = [...names].filter((each) => each !== 'storage' && each !== name).join(', ');
  if (after === name) return `it stands behind itself: expected after to be one of ${places}`;
  if (after === 'storage')
    return `nothing comes after storage, where questions end: expected after to be one of ${places}`;
  if (!names.has(after))
    return `there is no stage ${after} to stand behind: expected after to be one of ${places}`;
  if (placed.has(name)) return undefined;
  const ours = ROWS.slice(0, -1).map((row) => row.name);
  return `it stands behind ${after}, which stands behind it: expected one of the two behind ${ours.join(', ')}`;
}

function faultInStatus({ status }: AddedStage, others: readonly string[]): string | undefined {
  if (![...OUR_STATUSES, ...others].includes(status)) return undefined;
  return `there is a status ${status} already: expected one of its own, such as ${status}_too`;
}
