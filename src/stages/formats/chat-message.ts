import { z } from 'zod';
import { nonBlank, type Pair, rolesAlternate, type Turn } from './turn.ts';

/** A message of the chat formats; unknown fields are refused. */
export const chatMessage = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  content: nonBlank,
});
type ChatMessage = z.output<typeof chatMessage>;

/** An answer that may have its thought beside it, as chat templates of the Qwen3 kind read it. */
export const thinkingAnswer = z.strictObject({
  role: z.literal('assistant'),
  content: nonBlank,
  reasoning_content: nonBlank.optional(),
});

/** An answer alone. */
export const plainAnswer = thinkingAnswer.omit({ reasoning_content: true });

/** Whether the messages alternate (a system message may lead) and end with the role named. */
export function alternates(messages: readonly Pick<ChatMessage, 'role'>[], last: 'user' | 'assistant') {
  return rolesAlternate(
    messages.map(({ role }) => role),
    last,
  );
}

/** What a chat template demands of a prompt: messages that alternate and end with the user's. */
export const promptMessages = z
  .array(chatMessage)
  .refine(
    (messages) => alternates(messages, 'user'),
    'the prompt must alternate and end with a user message',
  );

/** What the user says, as a message. */
export function userMessage(content: string): ChatMessage {
  return { role: 'user', content };
}

/** What the assistant says, as a message. */
export function assistantMessage(content: string): ChatMessage {
  return { role: 'assistant', content };
}

/** The answer, with its thought in `reasoning_content` where it has one. */
export function thinkingMessage({ assistant, reasoning }: Turn): z.output<typeof thinkingAnswer> {
  const message = { role: 'assistant' as const, content: assistant };
  return reasoning === undefined ? message : { ...message, reasoning_content: reasoning };
}

/** The turns as messages, without their thoughts. */
export function messagesOf(turns: readonly Turn[]): readonly ChatMessage[] {
  return turns.flatMap(({ user, assistant }) => [userMessage(user), assistantMessage(assistant)]);
}

/** All that is said before the two answers of a pair. */
export function promptOf({ before = [], prompt }: Pair): readonly ChatMessage[] {
  return [...messagesOf(before), userMessage(prompt)];
}

/** Where texts that are equal to a reader would teach nothing. */
export const SAME_ANSWERS = 'chosen and rejected are the same text';
