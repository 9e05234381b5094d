import { drawn, hash32, logNormal, seededRandom } from '../../../src/infra/models/random.ts';
import { hashOf, questionIn, simulatedAnswer } from '../../../src/infra/models/simulated/answer.ts';
import { simulatedGrounded } from '../../../src/infra/models/simulated/grounded.ts';
import type { ToolCall } from '../../../src/stages/tools/tool.ts';
import { proseAnswers } from './prose-answer.ts';
import { lookUpOf } from './scripted-llm-look-ups.ts';
import { type ScriptedRequest, withoutSchema } from './scripted-llm-request.ts';
import { FAULTS, type Fault, type Script } from './scripted-llm-script.ts';

/** What the script has the server do with one call. */
export type Cue = Readonly<{ fault: Fault | undefined; delayMs: number }>;

/** One call, told apart from the others. */
export type Call = Readonly<{ request: ScriptedRequest; question: string; key: string; number: number }>;

/** The work a request belongs to: `review|<question>|<hash of the messages>`. */
export function keyOf({ schemaName, messages }: ScriptedRequest, question: string): string {
  return `${schemaName}|${question}|${hashOf(withoutSchema(messages), 0).toString(36)}`;
}

/** Plays a script: the same calls in whatever order meet the same faults and latencies. */
export class Play {
  readonly script: Script;
  readonly #prose: ReturnType<typeof proseAnswers> | undefined;
  readonly #used = new Map<string, number>();
  readonly #attempts = new Map<string, number>();
  readonly #reviews = new Map<string, string[]>();

  constructor(script: Script) {
    this.script = script;
    this.#prose = script.prose === undefined ? undefined : proseAnswers(script.prose);
  }

  cue(call: Call): Cue {
    const random = seededRandom(hash32(`${this.script.seed}|${this.#drawnBy(call)}`));
    const { latencyMs, sigma, slowMs, fractions } = this.script;
    const mean = typeof latencyMs === 'number' ? latencyMs : (latencyMs[call.request.schemaName] ?? 0);
    const delayMs = logNormal(mean, sigma, random);
    const scripted = this.#nextInSequence(call);
    const fault = scripted === undefined ? drawn(fractions, FAULTS, random()) : scripted;
    if (fault === undefined || fault === 'ok') return { fault: undefined, delayMs };
    return { fault, delayMs: fault === 'slow' ? delayMs + slowMs : delayMs };
  }

  /** What the model calls in the place of an answer. */
  lookUp({ request, question }: Call): ToolCall | undefined {
    return lookUpOf(request, question);
  }

  content({ request, question }: Call): string {
    // Its quotes are checked: they must be real.
    if (request.schemaName === 'grounded')
      return JSON.stringify(simulatedGrounded(request.messages, question));
    const hash = hashOf(withoutSchema(request.messages), this.script.seed);
    if (this.#prose !== undefined) return JSON.stringify(this.#prose(request.schema, hash));
    return JSON.stringify(
      simulatedAnswer(request.schema, { hash, question, approve: !this.#rejects(request, question) }),
    );
  }

  #drawnBy({ request, question, key, number }: Call): string {
    if (this.script.drawBy === 'work') return `${key}|${number}`;
    const asked = `${request.schemaName}|${question}`;
    const attempt = (this.#attempts.get(asked) ?? 0) + 1;
    this.#attempts.set(asked, attempt);
    return `${asked}|${attempt}`;
  }

  #nextInSequence({ request, question, key }: Call): Fault | 'ok' | undefined {
    for (const [index, rule] of this.script.sequences.entries()) {
      if (rule.schema !== undefined && rule.schema !== request.schemaName) continue;
      if (rule.question !== undefined && !question.includes(rule.question)) continue;
      const counter = `${index}|${rule.each === 'work' ? key : ''}`;
      const used = this.#used.get(counter) ?? 0;
      const fault = rule.faults[used];
      if (fault === undefined) continue;
      this.#used.set(counter, used + 1);
      return fault;
    }
    return undefined;
  }

  // A review that is asked for again is the same review: only other messages make a further one.
  #rejects({ schemaName, messages }: ScriptedRequest, question: string): boolean {
    const { reject, seed } = this.script;
    if (reject === undefined || schemaName !== 'review') return false;
    if (seededRandom(hash32(`${seed}|${question}`))() >= reject.fraction) return false;
    const seen = this.#reviews.get(question) ?? [];
    const review = String(hashOf(withoutSchema(messages), 0));
    if (!seen.includes(review)) this.#reviews.set(question, [...seen, review]);
    const index = seen.indexOf(review);
    return (index === -1 ? seen.length : index) < reject.revisions;
  }
}

/** What the call asks about. */
export function questionOf(request: ScriptedRequest): string {
  return questionIn(request.messages);
}
