import { appendFile, readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { ChatModel, ChatReply, ChatRequest } from '../../stages/agent/chat-model.ts';

const callSchema = z.object({
  stage: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
  model: z.string(),
  /** What came; absent where nothing did. */
  reply: z.string().optional(),
  tokens: z.number(),
  costUsd: z.number().nullable(),
});

export type KeptCall = Readonly<z.output<typeof callSchema>>;

/** The model, whose calls are kept in a file for its owner's eyes only, in the order in which their answers came. */
export function keepingCalls(model: ChatModel, file: string): ChatModel {
  return {
    address: model.address,
    simulated: model.simulated,
    addressOf: (stage) => model.addressOf?.(stage) ?? model.address,
    longestAnswer: (name) => model.longestAnswer?.(name),
    complete: async (request, signal) => {
      try {
        const reply = await model.complete(request, signal);
        await keep(file, request, reply);
        return reply;
      } catch (error) {
        await keep(file, request);
        throw error;
      }
    },
  };
}

/** The calls in a file; none where there is no file. */
export async function keptCalls(file: string): Promise<readonly KeptCall[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => callSchema.parse(JSON.parse(line)));
}

async function keep(
  file: string,
  { stage, messages, settings }: ChatRequest,
  reply?: ChatReply,
): Promise<void> {
  const call: KeptCall = {
    stage,
    messages: messages.map(({ role, content }) => ({ role, content })),
    model: reply?.model ?? settings.model,
    ...(reply === undefined ? {} : { reply: reply.text }),
    tokens: reply === undefined ? 0 : reply.usage.input + reply.usage.output,
    costUsd: reply === undefined ? 0 : reply.costUsd,
  };
  // What is kept is for people to read: that it cannot be written stops no call.
  await appendFile(file, `${JSON.stringify(call)}\n`, { mode: 0o600 }).catch(() => undefined);
}
