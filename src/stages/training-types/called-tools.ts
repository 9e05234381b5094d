import type { AttemptResult } from '../../streams/delivery/stage.ts';
import { asFailure, errorText, Failure } from '../../streams/failure.ts';
import { unusableAnswer } from '../agent/reply/unusable-answer.ts';
import { MAX_NESTING } from '../limits.ts';
import type { Checker } from '../question-parts/schema-checker.ts';
import type { QuestionTool } from '../question-parts/tools.ts';
import { isObject, parseJson } from '../text/json.ts';
import { isLongAndDeep, isNestedDeeperThan } from '../text/nesting-depth.ts';
import type { AnyTrainingType, CandidateCall } from './training-type.ts';

/** What is wrong with the calls of a candidate, in words for the model; `undefined` where they fit the tools. */
export type CallCheck = (candidate: unknown) => string | undefined;

const MOST_TOLD = 8;
const MOST_KEPT = 256;
const NO_ARGUMENTS = { type: 'object', properties: {}, additionalProperties: false };
/** By the text of their schemas: many questions share their tools. */
const kept = new Map<string, Checker>();
let makeChecker: ((schema: Readonly<Record<string, unknown>>) => Checker) | undefined;

/** Why no example of the type can be made of a question with these tools; `undefined` where one can. */
export function lackOfTools(
  type: Pick<AnyTrainingType, 'name' | 'calls'> | undefined,
  tools: readonly QuestionTool[] | undefined,
): string | undefined {
  if (type?.calls === undefined || (tools ?? []).length > 0) return undefined;
  return `expected tools that the assistant may call, for the training type ${type.name}, came none`;
}

/**
 * The same, and why the schema of one of the tools cannot be used: that as soon as `loadCallChecks` has resolved. Without it a question is
 * researched before anybody finds out.
 */
export function faultInTools(
  type: Pick<AnyTrainingType, 'name' | 'calls'> | undefined,
  tools: readonly QuestionTool[] | undefined = [],
): string | undefined {
  const lack = lackOfTools(type, tools);
  if (lack !== undefined || type?.calls === undefined || makeChecker === undefined) return lack;
  try {
    for (const { function: tool } of tools) checkerOf(tool);
    return undefined;
  } catch (error) {
    return asFailure(error).message;
  }
}

/**
 * How the calls in candidates of the type are held against the tools of a question. Rejects with a Failure of kind `poison`: `no_tools`, or
 * `bad_tools` where the parameters of a tool are no schema that can be used.
 */
export async function callCheckOf(
  type: AnyTrainingType,
  tools: readonly QuestionTool[] | undefined = [],
): Promise<CallCheck> {
  if (type.calls === undefined) return () => undefined;
  await loadCallChecks();
  return checkOf(type, tools);
}

/**
 * What is wrong with the calls of a candidate, or with the tools that they are held against, in one line; `undefined` where nothing is, and
 * as long as `loadCallChecks` has not resolved.
 */
export function faultInCalls(
  type: AnyTrainingType,
  candidate: unknown,
  tools: readonly QuestionTool[] | undefined = [],
): string | undefined {
  if (makeChecker === undefined) return undefined;
  try {
    const fault = checkOf(type, tools)(candidate);
    return fault === undefined ? undefined : `a call does not fit the tools: ${fault.replaceAll('\n', '; ')}`;
  } catch (error) {
    return asFailure(error).message;
  }
}

/** Loads what checks schemas. It takes a while, so nobody does who has no calls. */
export async function loadCallChecks(): Promise<void> {
  makeChecker ??= (await import('../question-parts/schema-checker.ts')).schemaChecker;
}

function checkOf(type: AnyTrainingType, tools: readonly QuestionTool[]): CallCheck {
  const { calls } = type;
  if (calls === undefined) return () => undefined;
  const lack = lackOfTools(type, tools);
  if (lack !== undefined) throw new Failure('poison', 'no_tools', `The question: ${lack}.`);
  const checkers = new Map<string, Checker>();
  for (const { function: tool } of tools) checkers.set(tool.name, checkerOf(tool));
  return (candidate) => {
    const faults = calls(candidate).flatMap((call, index) => {
      const fault = faultIn(call, checkers);
      return fault === undefined ? [] : [`call ${index + 1} (${call.name}): ${fault}`];
    });
    return faults.length === 0 ? undefined : faults.slice(0, MOST_TOLD).join('\n');
  };
}

/** The result of an attempt whose calls fit. Throws a Failure of kind `content`, `bad_tool_call`, that keeps the reply. */
export function calledRightly(done: AttemptResult<unknown>, check: CallCheck): AttemptResult<unknown> {
  const fault = check(done.result);
  if (fault === undefined) return done;
  const message = `A call does not fit the tools:\n${fault}`;
  throw unusableAnswer({ ...done, text: done.reply }, 'bad_tool_call', message);
}

function faultIn(
  { name, arguments: text }: CandidateCall,
  checkers: ReadonlyMap<string, Checker>,
): string | undefined {
  const check = checkers.get(name);
  if (check === undefined) return `there is no such tool: the tools are ${[...checkers.keys()].join(', ')}`;
  const values = isLongAndDeep(text, MAX_NESTING) ? undefined : parseJson(text);
  if (!isObject(values)) return 'expected arguments that are the text of one JSON object';
  if (isNestedDeeperThan(values, MAX_NESTING)) return `arguments nested deeper than ${MAX_NESTING} levels`;
  return check(values);
}

function checkerOf({ name, parameters = NO_ARGUMENTS }: QuestionTool['function']): Checker {
  const key = JSON.stringify(parameters);
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (makeChecker === undefined) throw new Error('loadCallChecks comes first');
  try {
    const made = makeChecker(parameters);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, made);
    return made;
  } catch (cause) {
    const why = errorText(cause);
    const message = `The parameters of the tool ${name} cannot be used: ${why.slice(0, 500)}.`;
    throw new Failure('poison', 'bad_tools', message, { cause });
  }
}
