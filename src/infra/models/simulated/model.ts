import { setTimeout as pause } from 'node:timers/promises';
import type { ChatModel, ChatReply, ChatRequest } from '../../../stages/agent/chat-model.ts';
import { CITE_INSTRUCTIONS } from '../../../stages/evidence/citing.ts';
import type { ToolCall } from '../../../stages/tools/tool.ts';
import { Failure } from '../../../streams/failure.ts';
import { abortedFailure } from '../aborted-failure.ts';
import { drawn, hash32, logNormal, seededRandom } from '../random.ts';
import { hashOf, questionIn, simulatedAnswer } from './answer.ts';
import { simulatedGrounded } from './grounded.ts';
import { simulatedCalls } from './looking-up.ts';
import {
  parseSimulatedProfile,
  SIMULATED_FAULTS,
  type SimulatedFault,
  type SimulatedProfile,
} from './profile.ts';
import { toolsIn, withRealCalls } from './tool-calls.ts';

const CHARACTERS_PER_TOKEN = 4;
const NAME = 'simulated';
/** The name of the answers whose quotes are checked: they must be real. */
const GROUNDED = 'grounded';

/**
 * A model that invents answers, says so in every text, and costs nothing. What it answers follows from the messages and
 * the seed alone; how long it takes and whether it fails is drawn anew for each call, so that asking again can help.
 */
export function simulatedModel(profile: SimulatedProfile): ChatModel {
  const random = seededRandom(profile.seed);

  async function complete(request: ChatRequest, signal: AbortSignal): Promise<ChatReply> {
    const delayMs = logNormal(
      profile.latencyMs[request.stage] ?? profile.otherLatencyMs ?? 0,
      profile.sigma,
      random,
    );
    const fault = drawn(profile.faults, SIMULATED_FAULTS, random());
    await delay(delayMs, signal);
    if (fault === 'errors') throw serverError();
    if (fault === 'rate-limited') throw rateLimited();
    const calls = fault === undefined ? simulatedCalls(request, profile.seed) : undefined;
    return calls === undefined ? reply(request, answerTo(request, profile), fault) : calling(request, calls);
  }

  return { address: NAME, simulated: true, complete };
}

/**
 * The simulated model by a profile as people write it. Throws a Failure (`bad_setting`) for one that cannot be read.
 * @param as whom it plays beside itself: it answers otherwise then.
 */
export function simulatedAs(profile = '', as = ''): ChatModel {
  const parsed = parseSimulatedProfile(profile);
  return simulatedModel(as === '' ? parsed : { ...parsed, seed: hash32(`${parsed.seed} ${as}`) });
}

function answerTo({ messages, answer }: ChatRequest, { seed, reject }: SimulatedProfile): string {
  const hash = hashOf(messages, seed);
  const approve = seededRandom(hash)() >= reject;
  const question = questionIn(messages);
  if (answer.name === GROUNDED) return JSON.stringify(simulatedGrounded(messages, question));
  const cites = messages.some(
    ({ role, content }) => role === 'system' && content.includes(CITE_INSTRUCTIONS),
  );
  const invention = { hash, question, approve, cites };
  const invented = simulatedAnswer(answer.schema, invention);
  return JSON.stringify(withRealCalls(invented, toolsIn(messages), invention));
}

function reply({ messages }: ChatRequest, whole: string, fault: SimulatedFault | undefined): ChatReply {
  const cutShort = fault === 'malformed' || fault === 'truncated';
  const text = fault === 'refused' ? '' : cutShort ? whole.slice(0, Math.floor(whole.length / 2)) : whole;
  const asked = messages.reduce((sum, { content }) => sum + content.length, 0);
  return {
    text,
    reasoning: '',
    finishReason: fault === 'truncated' ? 'length' : 'stop',
    refusal: fault === 'refused' ? '[simulated] I will not answer this.' : null,
    model: NAME,
    usage: { input: tokens(asked), output: tokens(text.length), cached: 0, reasoning: 0 },
    costUsd: 0,
  };
}

/** An answer that is nothing but calls. */
function calling(request: ChatRequest, calls: readonly ToolCall[]): ChatReply {
  const called = calls.map(({ id, name, args }) => ({
    id,
    type: 'function',
    function: { name, arguments: args },
  }));
  const message = { role: 'assistant', content: null, tool_calls: called };
  const { usage, ...rest } = reply(request, '', undefined);
  const output = tokens(JSON.stringify(called).length);
  return { ...rest, finishReason: 'tool_calls', usage: { ...usage, output }, calls, message };
}

function tokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

async function delay(delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw abortedFailure();
  if (delayMs === 0) return;
  try {
    await pause(delayMs, undefined, { signal });
  } catch {
    throw abortedFailure();
  }
}

function serverError(): Failure {
  const message = 'The simulated server answered with status 500: a simulated error';
  return new Failure('transient', 'server_error', message, { outageSignal: true });
}

function rateLimited(): Failure {
  const message = 'The simulated server answered with status 429: a simulated rate limit';
  return new Failure('transient', 'rate_limited', message, { pressure: 'rate-limit' });
}
