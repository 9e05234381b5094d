import type { Act, AttemptContext, Made } from '../../streams/delivery/stage.ts';
import { type Failure, NO_USAGE } from '../../streams/failure.ts';
import { replyOf, sizeOf } from '../agent/agent.ts';
import type { ChatReply } from '../agent/chat-model.ts';
import { cutNote } from '../agent/cut-prompt.ts';
import type { TurnBody } from '../tools/step-body.ts';
import { boundReached, boundsOf } from './bounds.ts';
import { askForTheLast, askWithTools } from './conversation.ts';
import type { LookUpProgress } from './look-up-progress.ts';
import type { LookUpWork } from './look-up-work.ts';
import { failureOfTurn, turnOf } from './turn.ts';
import { hasWebAlone } from './without-tool-calls.ts';

/** The code of a prompt that its server refuses for its length. */
export const TOO_LONG = 'prompt_rejected';

/** Asked without tools: a bound is reached, the model has said all it has, or it cannot call any. */
export function isLast({ tools, model, asked, support, how }: LookUpWork, stood: LookUpProgress): boolean {
  const newest = stood.turns.at(-1)?.body;
  if (tools.size === 0 || boundReached(stood, boundsOf(how)) !== undefined) return true;
  if (newest?.last === true || newest?.outcome === 'notes' || newest?.code === TOO_LONG) return true;
  return stood.turns.length === 0 && support.isUnable(model, asked);
}

/** One question to the model, and what it says. */
export function turnAct(work: LookUpWork, stood: LookUpProgress): Act {
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
    // That it answers is all that could be learnt: there was nothing yet to answer from.
    if (plainly && pieces.length === 0 && hasWebAlone(tools)) return withoutWords(reply, by.recipe);
    const made = turnOf(reply, {
      ...asAsked,
      note: isRepeat ? undefined : cutNote(request.messages, reply.usage),
    });
    if (made.body.outcome === 'answer' && wereOffered(stood, asAsked))
      support.answered({ model, asked }, hasCalled(stood));
    return made;
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

function wereOffered({ turns }: LookUpProgress, { last }: Readonly<{ last: boolean }>): boolean {
  return !last || turns.some(({ body }) => !body.last);
}

function hasCalled({ turns }: LookUpProgress): boolean {
  return turns.some(({ body }) => body.outcome === 'calls');
}

function withoutWords({ model, usage, costUsd, finishReason }: ChatReply, recipe: string): Made {
  const body: TurnBody = { ...WORDLESS, last: true, finishReason, recipe, outcome: 'notes' };
  return { model, usage, costUsd, body };
}

const WORDLESS = { message: null, text: '', reasoning: '', calls: [] };

/** Refused for its length: a turn that brought nothing, and the next one is shorter. */
function tooLong({ code, message }: Failure, last: boolean): Made {
  const asked = { last, finishReason: '', recipe: '' };
  const body: TurnBody = { ...WORDLESS, ...asked, outcome: 'unusable', code, reason: message };
  return { model: '', usage: NO_USAGE, costUsd: 0, body };
}

/** Half of the pieces for each time that they were too long: the newest, or the best of what one search found. */
function halved({ pieces, turns, results }: LookUpProgress) {
  const times = turns.filter(({ body }) => body.code === TOO_LONG).length;
  const most = Math.ceil(pieces.length / 2 ** times);
  const isOneSearch = results.length === 1 && results[0]?.body.pieces.length === pieces.length;
  return isOneSearch ? pieces.slice(0, most) : pieces.slice(pieces.length - most);
}

/** What look-ups of this drive brought stands in their results. */
function isFromResult({ results }: LookUpProgress, id: string): boolean {
  const of = (kind: string) =>
    results.some(({ step, body }) => step.kind === kind && body.pieces.some((piece) => piece.id === id));
  return of('result') && !of('search');
}
