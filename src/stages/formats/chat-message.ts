import { z } from 'zod';
import { calledRule, stepMessage } from './tool-calls.ts';
import { nonBlank, type Pair, rolesAlternate, type Told, type Turn } from './turn.ts';

/** What every message has; unknown fields are refused. */
const fields = {
  role: z.enum(['system', 'user', 'assistant', 'tool']),
  /** Absent where the assistant only calls tools. */
  content: z.string().optional(),
  tool_calls: z.array(calledRule).min(1).optional(),
  tool_call_id: z.string().optional(),
  name: z.string().optional(),
};

const chatMessage = z.strictObject(fields).refine(saysSomething, 'a text is empty');
type ChatMessage = z.output<typeof chatMessage>;

/** The same, which may have its thought beside it, as chat templates of the Qwen3 kind read it. */
const thinkingMessageRule = z
  .strictObject({ ...fields, reasoning_content: nonBlank.optional() })
  .refine(saysSomething, 'a text is empty');

export const plainAnswer = z.strictObject({ role: z.literal('assistant'), content: nonBlank });

function saysSomething({
  role,
  content = '',
  tool_calls = [],
}: z.output<z.ZodObject<typeof fields>>): boolean {
  if (role === 'tool') return true;
  return content.trim() !== '' || (role === 'assistant' && tool_calls.length > 0);
}

/** Whether the messages alternate (a system message may lead) and end with the role named; calls with their results are a part of a turn. */
function alternates(messages: readonly Omit<ChatMessage, 'content'>[], last: 'user' | 'assistant'): boolean {
  const spoken = messages.filter(({ role, tool_calls }) => role !== 'tool' && tool_calls === undefined);
  return (
    messages.at(-1)?.role === last &&
    messages.every((message, index) => message.role !== 'tool' || isAnswered(messages.slice(0, index))) &&
    rolesAlternate(
      spoken.map(({ role }) => role),
      last,
    )
  );
}

/** Whether a call of the assistant, or the result of one, stands last. */
function isAnswered(before: readonly Omit<ChatMessage, 'content'>[]): boolean {
  const previous = before.at(-1);
  return previous?.role === 'tool' || previous?.tool_calls !== undefined;
}

const TURNS = 'the messages must alternate between user and assistant and end with the assistant';

/** Whole turns, without thoughts. */
export const answeredMessages = alternating(chatMessage, 'assistant', TURNS);

/** Whole turns, with thoughts. */
export const thinkingMessages = alternating(thinkingMessageRule, 'assistant', TURNS);

/** What a chat template demands of a prompt: messages that alternate and end with the user's. */
export const promptMessages = alternating(
  chatMessage,
  'user',
  'the prompt must alternate and end with a user message',
);

function alternating<Said extends Omit<ChatMessage, 'content'>>(
  message: z.ZodType<Said>,
  last: 'user' | 'assistant',
  fault: string,
) {
  return z.array(message).refine((messages) => alternates(messages, last), fault);
}

/** The answer to a prompt: one message, or calls with their results and the answer that they lead to. */
export const completionMessages = z
  .array(thinkingMessageRule)
  .refine(
    (messages) => alternates([{ role: 'user' }, ...messages], 'assistant'),
    'the completion must be one answer of the assistant, with its calls before it',
  );

export function userMessage(content: string): ChatMessage {
  return { role: 'user', content };
}

export function assistantMessage(content: string): ChatMessage {
  return { role: 'assistant', content };
}

/** The answer, with its thought in `reasoning_content` where it has one. */
export function thinkingMessage({ assistant, reasoning }: Turn): z.output<typeof thinkingMessageRule> {
  const message = { role: 'assistant' as const, content: assistant };
  return reasoning === undefined ? message : { ...message, reasoning_content: reasoning };
}

/** Calls of tools and their results, as messages. */
export function stepMessages({ steps = [] }: Turn): readonly ChatMessage[] {
  return steps.map(stepMessage);
}

/** The turns as messages, without their thoughts, led by the system prompt. */
export function messagesOf(turns: readonly Turn[], told: Told): readonly ChatMessage[] {
  return saidIn(turns, told, ({ assistant }) => assistantMessage(assistant));
}

/** The same with their thoughts. */
export function thinkingMessagesOf(turns: readonly Turn[], told: Told) {
  return saidIn(turns, told, thinkingMessage);
}

function saidIn<Answer>(turns: readonly Turn[], { system }: Told, answerOf: (turn: Turn) => Answer) {
  const first: readonly ChatMessage[] = system === undefined ? [] : [{ role: 'system', content: system }];
  const said = turns.flatMap((turn) => [userMessage(turn.user), ...stepMessages(turn), answerOf(turn)]);
  return [...first, ...said];
}

/** All that is said before the two answers of a pair. */
export function pairPromptMessages({ before = [], prompt }: Pair, told: Told): readonly ChatMessage[] {
  return [...messagesOf(before, told), userMessage(prompt)];
}

/** Where texts that are equal to a reader would teach nothing. */
export const SAME_ANSWERS = 'chosen and rejected are the same text';
