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
  const tools = toolsOf(request);
  // Several servers refuse tools and a response format in one request.
  const format = tools === undefined ? responseFormat(request.answer, rung, strict) : undefined;
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(seed === undefined ? {} : { seed }),
    ...(maxOutputTokens === undefined ? {} : tokenLimit(maxOutputTokens, host)),
    ...extraBody,
    model,
    messages: (format?.type === 'json_schema' && !inWords ? request.messages : withSchema(request)).map(sent),
    ...(tools === undefined ? {} : { tools }),
    ...(format === undefined ? {} : { response_format: format }),
    stream: false,
  };
}

/** What the server itself said goes back as it was, with the fields that only it knows. */
function sent(message: ChatMessage): SentMessage {
  const { role, content } = message;
  if (role === 'tool') return { role, content, tool_call_id: message.callId };
  return isSentBefore(message.raw) ? message.raw : { role, content };
}

type SentMessage = OpenAI.Chat.ChatCompletionMessageParam;

function isSentBefore(raw: unknown): raw is SentMessage {
  return typeof raw === 'object' && raw !== null && 'role' in raw;
}

function toolsOf({ tools = [] }: ChatRequest): OpenAI.Chat.ChatCompletionFunctionTool[] | undefined {
  if (tools.length === 0) return undefined;
  return tools.map(({ name, description, parameters }) => ({
    type: 'function',
    function: { name, description, parameters },
  }));
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
function withSchema({ messages, answer, tools = [] }: ChatRequest): readonly ChatMessage[] {
  const words = schemaInWords(answer, tools.length > 0);
  const [first, ...rest] = messages;
  if (first?.role !== 'system') return [{ role: 'system', content: words }, ...messages];
  return [{ role: 'system', content: `${first.content}\n\n${words}` }, ...rest];
}

function schemaInWords(answer: AnswerSchema, besideTools: boolean): string {
  const when = besideTools ? 'When you call no tool any more, answer' : 'Answer';
  const schema = JSON.stringify(plainSchema(answer)).replaceAll('<', '\\u003c');
  return `${when} with one JSON object that follows this JSON schema, and with nothing else:\n<json_schema name="${answer.name}">${schema}</json_schema>`;
}
