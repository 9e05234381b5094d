import type { Act, AttemptContext, Made } from '../../streams/delivery/stage.ts';
import { asFailure, Failure, NO_USAGE } from '../../streams/failure.ts';
import type { CallGate } from '../../streams/limits/call-gate.ts';
import type { FoundPiece } from '../evidence/finder.ts';
import type { Piece } from '../evidence/piece.ts';
import { MAX_NESTING } from '../limits.ts';
import type { Checker } from '../question-parts/schema-checker.ts';
import { canonical } from '../text/canonical-json.ts';
import { isObject, parseJson } from '../text/json.ts';
import { isLongAndDeep } from '../text/nesting-depth.ts';
import type { ResultBody } from '../tools/step-body.ts';
import type { Tool, ToolCall } from '../tools/tool.ts';
import type { LookUpProgress, ResultStep } from './look-up-progress.ts';

/** Calls of a tool for failures that may pass, the first included. */
const MOST_ATTEMPTS = 4;
const MOST_SHOWN = 300;

/** A tool that this lane may call, and what its arguments are held against. */
export type OfferedTool = Readonly<{ tool: Tool; check: Checker; gate: CallGate | undefined }>;

export type LookUpCall = Readonly<{
  call: ToolCall;
  /** Of the step that it becomes. */
  key: string;
  tools: ReadonlyMap<string, OfferedTool>;
  sources: readonly string[] | undefined;
  stood: LookUpProgress;
  /** The same that was asked beside it or before it is not looked up again. */
  before: readonly ToolCall[];
  /** Gives what was found its ids, behind those of whatever was at work beside it. */
  number(found: readonly FoundPiece[]): readonly Piece[];
  /** Which bound was reached before it. */
  bound: string | undefined;
}>;

/** One look-up as an act: the tool is called, or the model is told why not. */
export function lookUpAct(look: LookUpCall): Act {
  const { call, key, tools, bound } = look;
  const args = argsOf(call.args);
  const refused = (code: string, text: string): Act => {
    const body: ResultBody = { ...nothing(call.name, args ?? call.args), outcome: 'refused', code, text };
    return { key, kind: 'result', free: true, run: async () => free(body) };
  };
  if (bound !== undefined)
    return refused('bound', `No look-ups are left (${bound}): answer from what you have.`);
  const offered = tools.get(call.name);
  if (offered === undefined)
    return refused(
      'unknown_tool',
      `There is no tool ${shortened(call.name)}: the tools are ${[...tools.keys()].join(', ')}.`,
    );
  if (args === undefined)
    return refused('bad_arguments', 'Expected arguments that are the text of one JSON object.');
  const fault = offered.check(args);
  if (fault !== undefined) return refused('bad_arguments', `The arguments do not fit: ${fault}.`);
  const same = repeated(look, args);
  if (same !== undefined) return refused('repeated', same);
  return callAct(look, offered, args);
}

function callAct({ key, sources, stood, number }: LookUpCall, { tool, gate }: OfferedTool, args: Args): Act {
  const run = async ({ signal }: AttemptContext): Promise<Made> => {
    const within = AbortSignal.any([signal, AbortSignal.timeout(tool.timeoutMs)]);
    const context = { signal: within, shownUrls: stood.urls, sources };
    const answer = await tool.run(args, context).catch((error: unknown) => {
      throw tool.whenDown === 'tell' ? toBeTold(asFailure(error)) : error;
    });
    const { pieces: found = [], text = '', urls, cached = false } = answer;
    const pieces = [...number(found)];
    const costUsd = cached ? 0 : (answer.costUsd ?? tool.price);
    const body: ResultBody = {
      tool: tool.name,
      args,
      outcome: 'ok',
      text,
      pieces,
      cached,
      ...(urls === undefined ? {} : { urls: [...urls] }),
    };
    return paid(body, costUsd, answer.tokens);
  };
  const givenUp = ({ code, message, facts: { told = message } }: Failure) =>
    free({ ...nothing(tool.name, args), outcome: 'failed', code, text: told });
  const asked =
    gate === undefined ? { free: true } : { gate, price: tool.price, mostAttempts: MOST_ATTEMPTS };
  return { key, kind: 'result', run, givenUp, ...asked };
}

/** Nobody waits for the end of an outage, or for as long as a limit asks: what failed a few times is told. */
function toBeTold(failure: Failure): Failure {
  const { kind, code, message, facts } = failure;
  const asks = facts.pressure !== undefined || facts.retryAfterMs !== undefined;
  const isWaitedFor = kind === 'outage' || (kind === 'transient' && asks);
  const { told = message } = facts;
  return isWaitedFor ? new Failure('transient', code, message, { cause: failure, told }) : failure;
}

type Args = Readonly<Record<string, unknown>>;

function argsOf(text: string): Args | undefined {
  if (isLongAndDeep(text, MAX_NESTING)) return undefined;
  const value = parseJson(text === '' ? '{}' : text);
  return isObject(value) ? value : undefined;
}

/** Where what it asks was asked before, in words that name what came of it. */
function repeated({ call, stood, before }: LookUpCall, args: Args): string | undefined {
  const name = nameOf(call.name, args);
  const beside = before.some((other) => nameOf(other.name, argsOf(other.args)) === name);
  const known = stood.results.find((each) => each.step.kind === 'result' && isSame(each, name));
  if (known === undefined) return beside ? 'The same was asked beside it: look there.' : undefined;
  const ids = known.body.pieces.map(({ id }) => id);
  return ids.length === 0
    ? 'The same was looked up before, and brought nothing: ask for something else.'
    : `The same was looked up before, its results are ${ids.join(', ')}: ask for something else.`;
}

/** What was refused was never looked up, and what failed may be tried again. */
function isSame({ body }: ResultStep, name: string): boolean {
  return body.outcome === 'ok' && nameOf(body.tool, body.args) === name;
}

function nameOf(tool: string, args: unknown): string {
  return canonical([tool, args]);
}

function nothing(tool: string, args: unknown) {
  return { tool: shortened(tool), args, pieces: [], cached: false };
}

function shortened(text: string): string {
  return text.slice(0, MOST_SHOWN).toWellFormed();
}

/** A step that asked no model for an answer. @param tokens what a model took besides, as one for embeddings. */
export function paid(body: ResultBody, costUsd: number, tokens = 0): Made {
  return { model: '', usage: { ...NO_USAGE, input: tokens }, costUsd, body };
}

/** A step that cost nothing. */
function free(body: ResultBody): Made {
  return { model: '', usage: NO_USAGE, costUsd: 0, body };
}
