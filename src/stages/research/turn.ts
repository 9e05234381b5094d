import type { AttemptNote, AttemptResult, Made } from '../../streams/delivery/stage.ts';
import { asFailure, type Failure } from '../../streams/failure.ts';
import { MAX_KEPT_REPLY } from '../../streams/work/attempts.ts';
import type { Step } from '../../streams/work/step.ts';
import type { Attempt } from '../../streams/work/work.ts';
import { type AskedBy, answerIn } from '../agent/agent.ts';
import type { ChatReply } from '../agent/chat-model.ts';
import { unusableAnswer } from '../agent/reply/unusable-answer.ts';
import { grounded, groundedSchema, type Unanswerable } from '../evidence/grounded.ts';
import type { Piece } from '../evidence/piece.ts';
import type { Research } from '../example.ts';
import type { TurnBody } from '../tools/step-body.ts';
import { readTurn, type TurnStep } from './look-up-progress.ts';

/** How a turn was asked, and what its answer is held against. */
export type TurnAsked = Readonly<{
  /** Without tools. */
  last: boolean;
  pieces: readonly Piece[];
  unanswerable: Unanswerable;
  by: AskedBy;
  /** What a person should know of it. */
  note?: AttemptNote | undefined;
}>;

/** An answer of the model as the step that it becomes: an unusable one too, for the conversation goes on from it. */
export function turnOf(reply: ChatReply, asked: TurnAsked): Made & Readonly<{ body: TurnBody }> {
  const { text, reasoning, finishReason, model, usage, costUsd, calls = [], message } = reply;
  const said = { message: message ?? null, text, reasoning, finishReason };
  const { last, by, note } = asked;
  const made = (more: Pick<TurnBody, 'outcome'> & Partial<TurnBody>) => {
    const body: TurnBody = {
      ...said,
      calls: [],
      last,
      recipe: by.recipe,
      ...more,
      ...(note === undefined ? {} : { note }),
    };
    const failed = body.outcome === 'unusable' ? { failed: true as const } : {};
    return { model, usage, costUsd, ...failed, body };
  };
  if (!last && calls.length > 0) return made({ outcome: 'calls', calls: [...calls] });
  try {
    answered(reply, asked);
    return made({ outcome: 'answer' });
  } catch (error) {
    const failure = asFailure(error);
    if (failure.kind !== 'content') throw failure;
    const { code, message: reason, facts } = failure;
    // Words without a shape are what it found out so far: they are no fault where it could have gone on.
    if (!last && code === 'not_json' && text.trim() !== '') return made({ outcome: 'notes' });
    return made({ outcome: 'unusable', code, reason, ...(facts.final === true ? { final: true } : {}) });
  }
}

/** What the question's research comes to by its last turn. Throws a Failure (`no_evidence`) where that ends it. */
export function answeredBy(
  { step, body }: TurnStep,
  asked: Omit<TurnAsked, 'last' | 'by'>,
): AttemptResult<Research> {
  const { model, usage, costUsd } = step;
  const { text, reasoning, finishReason, recipe } = body;
  const reply = { text, reasoning, finishReason, refusal: null, model, usage, costUsd };
  return answered(reply, { ...asked, last: body.last, by: { recipe, longest: undefined } });
}

function answered(reply: ChatReply, { pieces, unanswerable, by }: TurnAsked): AttemptResult<Research> {
  return grounded(answerIn(reply, groundedSchema, by), pieces, unanswerable);
}

/** Why the turn could not be used, as a failure that keeps its answer. */
export function failureOfTurn({ step, body }: TurnStep): Failure {
  const { code = 'unusable', reason = 'The answer cannot be used.', final } = body;
  return unusableAnswer({ ...step, ...body }, code, reason, final);
}

/** A turn as people read of a call; `undefined` for any other step, and where what was refused is told of as it was. */
export function callOf(made: Step): Attempt | undefined {
  if (made.kind !== 'turn' || made.model === '') return undefined;
  const { step, body } = readTurn(made);
  const { at, durationMs, model, usage, costUsd } = step;
  const { finishReason, text } = body;
  const unusable = body.outcome === 'unusable';
  return {
    number: 0,
    startedAt: at,
    durationMs,
    outcome: unusable ? 'content' : 'ok',
    code: unusable ? (body.code ?? 'unusable') : (body.note?.code ?? 'ok'),
    message: unusable ? (body.reason ?? '') : (body.note?.message ?? ''),
    ...{ model, finishReason, usage, costUsd, reply: text.slice(0, MAX_KEPT_REPLY) },
    ...(body.calls.length === 0 ? {} : { lookUps: body.calls.length }),
  };
}
