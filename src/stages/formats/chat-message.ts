import { z } from 'zod';
import { nonBlank, rolesAlternate } from './turn.ts';

/** A message of the chat formats; unknown fields are refused. */
export const chatMessage = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  content: nonBlank,
});
type ChatMessage = z.output<typeof chatMessage>;

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
