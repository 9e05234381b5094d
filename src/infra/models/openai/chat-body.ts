import type { OpenAI } from 'openai';
import type { AnswerSchema, ChatMessage, ChatRequest } from '../../../stages/agent/chat-model.ts';
import type { Schema } from '../json-schema.ts';
import type { Rung } from './capabilities.ts';

export type ChatBody = OpenAI.Chat.ChatCompletionCreateParamsNonStreaming;

const OPENAI_HOST = /(^|\.)(openai\.com|azure\.com)$/;

/**
 * The request as its body. `strict` is the answer's schema in the strict subset, for the rung that sends it; `inWords` says
 * the schema in words as well, for servers that take a response format and ignore it.
 */
export function chatBody(
  request: ChatRequest,
  rung: Rung,
  strict: Schema | undefined,
  host: string,
  inWords = false,
): ChatBody {
  const { model, temperature, seed, maxOutputTokens, extraBody } = request.settings;
  const format = responseFormat(request.answer, rung, strict);
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(seed === undefined ? {} : { seed }),
    ...(maxOutputTokens === undefined ? {} : tokenLimit(maxOutputTokens, host)),
    ...extraBody,
    model,
    messages: (format?.type === 'json_schema' && !inWords ? request.messages : withSchema(request)).map(sent),
    ...(format === undefined ? {} : { response_format: format }),
    stream: false,
  };
}

function sent(message: ChatMessage): OpenAI.Chat.ChatCompletionMessageParam {
  const { role, content } = message;
  return role === 'tool' ? { role, content, tool_call_id: message.callId } : { role, content };
}

// OpenAI's reasoning models refuse the old name, and most other servers do not know the new one.
function tokenLimit(maxOutputTokens: number, host: string): Partial<ChatBody> {
  return OPENAI_HOST.test(host)
    ? { max_completion_tokens: maxOutputTokens }
    : { max_tokens: maxOutputTokens };
}

function responseFormat(
  answer: AnswerSchema,
  rung: Rung,
  strict: Schema | undefined,
): ChatBody['response_format'] {
  if (rung === 'plain') return undefined;
  if (rung === 'json-object') return { type: 'json_object' };
  const name = answer.name.replace(/[^\w-]/g, '_').slice(0, 64);
  if (rung === 'strict-schema' && strict !== undefined) {
    return { type: 'json_schema', json_schema: { name, strict: true, schema: strict } };
  }
  // The nested shape is the one that every server reads.
  return { type: 'json_schema', json_schema: { name, strict: false, schema: plainSchema(answer) } };
}

function plainSchema({ schema }: AnswerSchema): Schema {
  const { $schema: _, ...rest } = schema;
  return rest;
}

/** What no response format enforces has to be asked for in words. It leads, so that servers can cache it. */
function withSchema({ messages, answer }: ChatRequest): readonly ChatMessage[] {
  const words = schemaInWords(answer);
  const [first, ...rest] = messages;
  if (first?.role !== 'system') return [{ role: 'system', content: words }, ...messages];
  return [{ role: 'system', content: `${first.content}\n\n${words}` }, ...rest];
}

function schemaInWords(answer: AnswerSchema): string {
  const schema = JSON.stringify(plainSchema(answer)).replaceAll('<', '\\u003c');
  return `Answer with one JSON object that follows this JSON schema, and with nothing else:\n<json_schema name="${answer.name}">${schema}</json_schema>`;
}
