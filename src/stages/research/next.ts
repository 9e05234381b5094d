import type { Act, AttemptContext, Made, Move, Next } from '../../streams/delivery/stage.ts';
import { asFailure, type Failure, NO_USAGE } from '../../streams/failure.ts';
import { type AskedParts, replyOf, sizeOf } from '../agent/agent.ts';
import type { ChatModel } from '../agent/chat-model.ts';
import { cutNote } from '../agent/cut-prompt.ts';
import type { FoundPiece, PieceFinder } from '../evidence/finder.ts';
import { ungrounded } from '../evidence/grounded.ts';
import { CONTEXT_SOURCE, piecesFor } from '../evidence/shown.ts';
import type { Research } from '../example.ts';
import type { LookUp, LookUpBounds } from '../lanes/recipe.ts';
import type { Question } from '../question.ts';
import type { TurnBody } from '../tools/step-body.ts';
import { boundReached } from './bounds.ts';
import { askForTheLast, askWithTools, resultKey } from './conversation.ts';
import { free, lookUpAct, type OfferedTool } from './look-up-call.ts';
import { numbered } from './numbered.ts';
import { type Stood, stoodAt, type Turn } from './stood.ts';
import type { ToolSupport } from './tool-support.ts';
import { answeredBy, failureOfTurn, turnOf } from './turn.ts';

/** A prompt that was refused for its length is asked again with half of its pieces, so often. */
const MOST_HALVINGS = 3;
const TOO_LONG = 'prompt_rejected';

export type LookUpWork = Readonly<{
  how: Exclude<LookUp, { mode: 'none' }>;
  finder: PieceFinder | undefined;
  model: ChatModel;
  asked: AskedParts;
  question: Question;
  drive: number;
  /** None in mode `sources`. */
  tools: ReadonlyMap<string, OfferedTool>;
  /** Which models call tools, as far as this process knows. */
  support: ToolSupport;
  /** Answers in a row that cannot be used, before the work dies of them. */
  maxContentAttempts: number;
}>;

/**
 * What comes next in research that looks things up: first what the question's words find, then turns of the model and the look-ups
 * that it asks for, within bounds, and at last a plain call without tools; without tools that call is the first. Pure: it reads the
 * steps and nothing else.
 */
export function nextOf(work: LookUpWork): Next<Research> {
  return (steps) => {
    const stood = stoodAt(steps, work.drive, work.how.mode);
    if (!stood.searched) return { kind: 'act', acts: [searchAct(work, stood)] };
    const newest = stood.turns.at(-1);
    const open = newest === undefined ? [] : openCalls(work, stood, newest);
    if (open.length > 0) return { kind: 'act', acts: open };
    if (newest?.body.outcome === 'answer') return finished(work, stood, newest);
    if (newest?.body.outcome === 'unusable' && isSpent(work, stood, newest))
      return { kind: 'die', failure: failureOfTurn(newest) };
    if (stood.pieces.length === 0 && isLast(work, stood)) return unanswered(work);
    return { kind: 'act', acts: [turnAct(work, stood)] };
  };
}

function searchAct({ question, how, finder, drive }: LookUpWork, stood: Stood): Act {
  const run = async (): Promise<Made> => {
    // Who has tools and no index has still what the question brings.
    const isContextAlone = finder === undefined && how.mode === 'tools';
    const found = await piecesFor(
      question,
      isContextAlone ? { ...how, sources: [CONTEXT_SOURCE] } : how,
      finder,
    );
    const pieces =
      stood.pieces.length === 0
        ? found
        : numbered(
            found.map(({ id: _, ...piece }) => piece),
            stood.pieces,
          );
    const args = { query: question.text };
    return free({ tool: 'search', args, outcome: 'ok', text: '', pieces: [...pieces], cached: false });
  };
  return { key: `search/${drive}`, kind: 'search', free: true, run };
}

/** What the newest turn asked for and has no result of. */
function openCalls({ how, tools }: LookUpWork, stood: Stood, { step, body }: Turn): readonly Act[] {
  const done = new Set(stood.results.map((each) => each.step.key));
  const open = body.calls.flatMap((call, index) => {
    const key = resultKey(step.key, index);
    return done.has(key) ? [] : [{ call, key, before: body.calls.slice(0, index) }];
  });
  const made = stood.results.filter((each) => each.step.kind === 'result').length;
  const bounds = boundsOf(how);
  const reached = boundReached({ ...stood, turns: stood.turns.slice(0, -1) }, bounds);
  let shown = stood.pieces;
  const number = (found: readonly FoundPiece[]) => {
    const pieces = numbered(found, shown);
    shown = [...shown, ...pieces];
    return pieces;
  };
  return open.map((each, index) => {
    const bound = reached ?? (made + index >= (bounds.calls ?? Infinity) ? 'calls' : undefined);
    return lookUpAct({ ...each, tools, sources: how.sources, stood, number, bound });
  });
}

/** Who has no tools has no turns to bound. */
function boundsOf(how: LookUpWork['how']): Partial<LookUpBounds> {
  return how.mode === 'tools' ? how.bounds : {};
}

/** Asked without tools: a bound is reached, the model has said all it has, or it cannot call any. */
function isLast({ tools, model, asked, support, how }: LookUpWork, stood: Stood): boolean {
  const newest = stood.turns.at(-1)?.body;
  if (tools.size === 0 || boundReached(stood, boundsOf(how)) !== undefined) return true;
  if (newest?.last === true || newest?.outcome === 'notes' || newest?.code === TOO_LONG) return true;
  return stood.turns.length === 0 && support.isUnable(model, asked);
}

/** So many answers in a row could not be used, or nothing would come of asking again. */
function isSpent({ maxContentAttempts }: LookUpWork, { turns }: Stood, { body }: Turn): boolean {
  const usable = turns.findLastIndex((turn) => turn.body.outcome !== 'unusable');
  const row = turns.slice(usable + 1);
  const tooLong = row.filter((turn) => turn.body.code === TOO_LONG).length;
  return body.final === true || row.length - tooLong >= maxContentAttempts || tooLong > MOST_HALVINGS;
}

function turnAct(work: LookUpWork, stood: Stood): Act {
  const { model, asked, how, tools, support } = work;
  const last = isLast(work, stood);
  const newest = stood.turns.at(-1);
  const previous = newest?.body.outcome === 'unusable' ? failureOfTurn(newest) : undefined;
  const looked = stood.turns.length > 0 && newest?.body.last !== true;
  const inFront = stood.pieces.filter(({ id }) => !isFromResult(stood, id));
  const plain = askForTheLast({ stood, asked }, halved(stood), looked);
  const ask = last
    ? plain
    : askWithTools(
        { stood, asked },
        inFront,
        [...tools.values()].map(({ tool }) => tool),
      );
  const { pieces } = stood;
  const within = (attempt: AttemptContext) => (previous === undefined ? attempt : { ...attempt, previous });
  const run = async (attempt: AttemptContext): Promise<Made> => {
    const isFirst = !last && stood.turns.length === 0;
    const asking = () => replyOf(model, ask, within(attempt));
    const { plainly, reply, request, by } = isFirst
      ? await support.firstOf({ model, asked }, asking, () => replyOf(model, plain, within(attempt)))
      : { ...(await asking()), plainly: false };
    const asAsked = { last: last || plainly, pieces, unanswerable: how.unanswerable, by };
    // A repeat may be counted without what its server remembers of the prompt before.
    const isRepeat = within(attempt).previous !== undefined;
    return turnOf(reply, { ...asAsked, note: isRepeat ? undefined : cutNote(request.messages, reply.usage) });
  };
  const index = stood.allTurns.length;
  return {
    key: `turn/${index}`,
    kind: 'turn',
    run,
    sizeOf: async (attempt) => sizeOf(model, ask, within(attempt)),
    mostAttempts: asked.override?.maxAttempts,
    givenUp: (failure) =>
      failure.code === TOO_LONG && pieces.length > 0 ? tooLong(failure, last) : undefined,
  };
}

/** Refused for its length: a turn that brought nothing, and the next one is shorter. */
function tooLong({ code, message }: Failure, last: boolean): Made {
  const said = { message: null, text: '', reasoning: '', calls: [], finishReason: '', recipe: '' };
  const body: TurnBody = { ...said, last, outcome: 'unusable', code, reason: message };
  return { model: '', usage: NO_USAGE, costUsd: 0, body };
}

/** Half of the pieces for each time that they were too long: the newest, or the best of what one search found. */
function halved({ pieces, turns, results }: Stood) {
  const times = turns.filter(({ body }) => body.code === TOO_LONG).length;
  const most = Math.ceil(pieces.length / 2 ** times);
  const isOneSearch = results.length === 1 && results[0]?.body.pieces.length === pieces.length;
  return isOneSearch ? pieces.slice(0, most) : pieces.slice(pieces.length - most);
}

/** What look-ups of this drive brought stands in their results. */
function isFromResult({ results }: Stood, id: string): boolean {
  const of = (kind: string) =>
    results.some(({ step, body }) => step.kind === kind && body.pieces.some((piece) => piece.id === id));
  return of('result') && !of('search');
}

function finished({ how }: LookUpWork, stood: Stood, turn: Turn): Move<Research> {
  try {
    const { result, model, recipe } = answeredBy(turn, {
      pieces: stood.pieces,
      unanswerable: how.unanswerable,
    });
    return { kind: 'finish', result, model, recipe };
  } catch (error) {
    return { kind: 'die', failure: asFailure(error) };
  }
}

/** There is nothing that could be quoted: nobody is asked. */
function unanswered({ how }: LookUpWork): Move<Research> {
  try {
    const result = ungrounded(how.unanswerable);
    return { kind: 'finish', result, model: '', recipe: '' };
  } catch (error) {
    return { kind: 'die', failure: asFailure(error) };
  }
}
