import type { Act, AttemptResult, Made, Move, NextMove } from '../../streams/delivery/stage.ts';
import { asFailure } from '../../streams/failure.ts';
import type { FoundPiece } from '../evidence/finder.ts';
import { ungrounded } from '../evidence/grounded.ts';
import { CONTEXT_SOURCE, piecesFor } from '../evidence/shown.ts';
import type { Research } from '../example.ts';
import type { ResultBody } from '../tools/step-body.ts';
import type { ToolCall } from '../tools/tool.ts';
import { boundReached, boundsOf } from './bounds.ts';
import { resultKey } from './conversation.ts';
import { lookUpAct, paid } from './look-up-call.ts';
import { type LookUpProgress, progressAt, type TurnStep } from './look-up-progress.ts';
import type { LookUpWork } from './look-up-work.ts';
import { numbered } from './numbered.ts';
import { answeredBy, failureOfTurn } from './turn.ts';
import { isLast, TOO_LONG, turnAct } from './turn-act.ts';
import { callsForUnable, isUnaided } from './without-tool-calls.ts';

/** A prompt that was refused for its length is asked again with half of its pieces, so often. */
const MOST_HALVINGS = 3;

/**
 * What comes next in research that looks things up: first what the question's words find, then turns of the model and the look-ups
 * that it asks for, within bounds, and at last a plain call without tools; without tools that call is the first. Pure: it reads the
 * steps and nothing else.
 */
export function nextOf(work: LookUpWork): NextMove<Research> {
  return (steps) => {
    const stood = progressAt(steps, work.drive, work.how.mode);
    if (!stood.searched) return { kind: 'act', acts: [searchAct(work, stood)] };
    const newest = stood.turns.at(-1);
    const open = askingsOf(work, stood).flatMap((asking) => openCalls(work, stood, asking));
    if (open.length > 0) return { kind: 'act', acts: open };
    if (newest?.body.outcome === 'answer') return finished(work, stood, newest);
    if (newest?.body.outcome === 'unusable' && isSpent(work, stood, newest))
      return { kind: 'die', failure: failureOfTurn(newest) };
    if (stood.pieces.length === 0 && isLast(work, stood)) return unanswered(work);
    return { kind: 'act', acts: [turnAct(work, stood)] };
  };
}

function searchAct({ question, how, finder, drive }: LookUpWork, stood: LookUpProgress): Act {
  const run = async (): Promise<Made> => {
    // Who has tools and no index has still what the question brings.
    const isContextAlone = finder === undefined && how.mode === 'tools';
    const through = isContextAlone ? { ...how, sources: [CONTEXT_SOURCE] } : how;
    const cost = { usd: 0, tokens: 0 };
    const found = await piecesFor(question, through, finder, (usd, tokens) => {
      cost.usd += usd;
      cost.tokens += tokens;
    });
    const pieces =
      stood.pieces.length === 0
        ? found
        : numbered(
            found.map(({ id: _, ...piece }) => piece),
            stood.pieces,
          );
    const args = { query: question.text };
    const body: ResultBody = {
      ...{ tool: 'search', args, outcome: 'ok', text: '' },
      pieces: [...pieces],
      cached: false,
    };
    return paid(body, cost.usd, cost.tokens);
  };
  return { key: `search/${drive}`, kind: 'search', free: true, run };
}

/** Look-ups that were asked for, and the step that asked for them. */
type Asking = Readonly<{ key: string; calls: readonly ToolCall[] }>;

function askingsOf(work: LookUpWork, stood: LookUpProgress): readonly Asking[] {
  const { question, tools, drive } = work;
  const newest = stood.turns.at(-1);
  const own = newest === undefined ? [] : [{ key: newest.step.key, calls: newest.body.calls }];
  if (!isUnaided(work, stood)) return own;
  const key = `search/${drive}`;
  return [...own, { key, calls: callsForUnable(question, tools, stood, resultKey(key, 0)) }];
}

/** What the newest turn asked for, or was asked for it, and has no result of. */
function openCalls(
  { how, tools }: LookUpWork,
  stood: LookUpProgress,
  { key: asking, calls }: Asking,
): readonly Act[] {
  const done = new Set(stood.results.map((each) => each.step.key));
  const open = calls.flatMap((call, index) => {
    const key = resultKey(asking, index);
    return done.has(key) ? [] : [{ call, key, before: calls.slice(0, index) }];
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

/** So many answers in a row could not be used, or nothing would come of asking again. */
function isSpent({ maxContentAttempts }: LookUpWork, { turns }: LookUpProgress, { body }: TurnStep): boolean {
  const usable = turns.findLastIndex((turn) => turn.body.outcome !== 'unusable');
  const row = turns.slice(usable + 1);
  const tooLong = row.filter((turn) => turn.body.code === TOO_LONG).length;
  return body.final === true || row.length - tooLong >= maxContentAttempts || tooLong > MOST_HALVINGS;
}

function finished({ how }: LookUpWork, { pieces }: LookUpProgress, turn: TurnStep): Move<Research> {
  return ending(() => answeredBy(turn, { pieces, unanswerable: how.unanswerable }));
}

/** There is nothing that could be quoted: nobody is asked. */
function unanswered({ how }: LookUpWork): Move<Research> {
  return ending(() => ({ result: ungrounded(how.unanswerable), model: '', recipe: '' }));
}

function ending(answer: () => Pick<AttemptResult<Research>, 'result' | 'model' | 'recipe'>): Move<Research> {
  try {
    const { result, model, recipe } = answer();
    return { kind: 'finish', result, model, recipe };
  } catch (error) {
    return { kind: 'die', failure: asFailure(error) };
  }
}
