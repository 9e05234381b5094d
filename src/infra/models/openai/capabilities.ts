import type { ChatReply } from '../../../stages/agent/chat-model.ts';
import { Failure } from '../../../streams/failure.ts';
import { REJECTED } from './failures/http-failure.ts';

/** How firmly a server can be told what shape to answer in, the firmest first. */
const RUNGS = ['strict-schema', 'schema', 'json-object', 'plain'] as const;
export type Rung = (typeof RUNGS)[number];

/** After so many replies that are no JSON, and none that is, a server is taken to ignore the schema it accepts. */
const IGNORED_LIMIT = 3;
/** After so many answers in a row that fit, a server is taken to enforce the schema: each look reads the answer once more. */
const FITTING_LIMIT = 20;
const FIRST_UNENFORCED = RUNGS.indexOf('json-object');

type Known = {
  /** The firmest rung that brought an answer. */
  proven: number | undefined;
  /** Rungs above are barred: accepted by the server, and ignored. Only ever rises. */
  highest: number;
  enforced: boolean;
  ignored: number;
  /** Whether the schema has to be said in words as well: whether the first answers without them did not fit it. */
  needsWords: boolean | undefined;
  /** Answers without words that had the shape. */
  fitting: number;
  /** Calls that are out without words. */
  wordless: number;
};

/**
 * What each server can do, learnt from its answers and remembered for as long as this object lives. A rejection at a
 * rung that never worked steps down at once, as it costs nothing; once a rung has worked, a rejection is the prompt's
 * own fault. Knowledge only comes from answers, so a prompt that is rejected on every rung spoils nothing, and first
 * calls side by side each find their own way down.
 */
export class CapabilityLadder {
  readonly #known = new Map<string, Known>();

  /**
   * Asks on the firmest rung that may work, then on weaker ones. `key` names server, model and schema; `strictable` says
   * whether the schema can be said strictly; `isOfShape` whether a reply has the shape that an enforced schema gives it. From
   * the first that has not, the schema is said in words as well; and so it is beside a first call that is still out, so that one
   * answer is lost and not as many as are asked at once. Rejects as `ask` does.
   */
  async descend(
    key: string,
    strictable: boolean,
    ask: (rung: Rung, inWords: boolean) => Promise<ChatReply>,
    isOfShape: (reply: ChatReply) => boolean = () => true,
  ): Promise<ChatReply> {
    const known = this.#knownOf(key, strictable);
    let at = known.proven ?? known.highest;
    for (;;) {
      try {
        return await askedAt(known, at, ask, isOfShape);
      } catch (error) {
        const next = known.proven ?? at + 1;
        if (!isRejection(error) || next <= at || next >= RUNGS.length) throw error;
        at = next;
      }
    }
  }

  #knownOf(key: string, strictable: boolean): Known {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const fresh: Known = {
      proven: undefined,
      highest: strictable ? 0 : 1,
      enforced: false,
      ignored: 0,
      needsWords: undefined,
      fitting: 0,
      wordless: 0,
    };
    this.#known.set(key, fresh);
    return fresh;
  }
}

async function askedAt(
  known: Known,
  at: number,
  ask: (rung: Rung, inWords: boolean) => Promise<ChatReply>,
  isOfShape: (reply: ChatReply) => boolean,
): Promise<ChatReply> {
  const inWords = known.needsWords ?? known.wordless > 0;
  known.wordless += inWords ? 0 : 1;
  try {
    const reply = await ask(RUNGS[at] ?? 'plain', inWords);
    if (at < FIRST_UNENFORCED && !inWords && known.fitting < FITTING_LIMIT) look(known, isOfShape(reply));
    learn(known, at, reply);
    return reply;
  } finally {
    known.wordless -= inWords ? 0 : 1;
  }
}

function look(known: Known, fits: boolean): void {
  known.needsWords ||= !fits;
  known.fitting += fits ? 1 : 0;
}

function learn(known: Known, at: number, reply: ChatReply): void {
  // An answer to a request from before its rung was barred proves nothing any more.
  if (at < known.highest) return;
  known.proven = Math.min(known.proven ?? at, at);
  if (at >= FIRST_UNENFORCED || known.enforced) return;
  if (reply.text.trimStart().startsWith('{')) known.enforced = true;
  else if (reply.finishReason === 'stop' && reply.refusal === null) known.ignored += 1;
  if (known.ignored >= IGNORED_LIMIT && !known.enforced) {
    known.highest = FIRST_UNENFORCED;
    known.proven = undefined;
  }
}

function isRejection(error: unknown): boolean {
  return error instanceof Failure && error.code === REJECTED;
}
