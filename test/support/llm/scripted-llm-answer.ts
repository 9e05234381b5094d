import type { ToolCall } from '../../../src/stages/tools/tool.ts';
import type { Fault } from './scripted-llm-script.ts';

/** What a completion carries: text, or the call of a tool. */
export type Content = string | ToolCall;

/** An answer on the wire. */
export type WireAnswer = Readonly<{
  status: number;
  body: string;
  headers?: Readonly<Record<string, string>>;
}>;

const CHARACTERS_PER_TOKEN = 4;

/** The completion that carries `content`, spoilt as the fault says; `id` is of the caller's choice. */
export function wireAnswer(
  fault: Fault | undefined,
  content: () => Content,
  {
    id,
    model,
    promptCharacters,
    retryAfter,
  }: { id: string; model: string; promptCharacters: number; retryAfter?: string | undefined },
): WireAnswer {
  const failed = errorAnswer(fault, model, retryAfter);
  if (failed !== undefined) return failed;
  const whole = content();
  const calls = typeof whole === 'string' ? '' : callsText(whole);
  const text = typeof whole === 'string' ? spoilt(fault, whole) : '';
  const input = Math.ceil(promptCharacters / CHARACTERS_PER_TOKEN);
  const output = Math.ceil((text.length + calls.length) / CHARACTERS_PER_TOKEN);
  const refusal = fault === 'refused' ? '"I cannot help with that."' : 'null';
  const shown = fault === 'refused' || calls !== '' ? 'null' : JSON.stringify(text);
  const finish = fault === 'truncated' ? 'length' : calls === '' ? 'stop' : 'tool_calls';
  // Put together by hand: this is the hot path of the benchmarks.
  const body = `{"id":${JSON.stringify(id)},"object":"chat.completion","created":0,"model":${JSON.stringify(model)},"choices":[{"index":0,"message":{"role":"assistant","content":${shown},"refusal":${refusal}${calls}},"finish_reason":"${finish}"}],"usage":{"prompt_tokens":${input},"completion_tokens":${output},"total_tokens":${input + output}}}`;
  return { status: 200, body };
}

function callsText({ id, name, args }: ToolCall): string {
  const called = { id, type: 'function', function: { name, arguments: args } };
  return `,"tool_calls":${JSON.stringify([called])}`;
}

function spoilt(fault: Fault | undefined, whole: string): string {
  switch (fault) {
    case 'malformed':
    case 'truncated':
      return whole.slice(0, Math.floor(whole.length / 2));
    case 'schema-mismatch':
      return '{"unexpected":true}';
    case 'fenced':
      return `Sure! Here is what you asked for:\n\n\`\`\`json\n${whole}\n\`\`\`\n\nLet me know if you need more.`;
    default:
      return whole;
  }
}

function errorAnswer(
  fault: Fault | undefined,
  model: string,
  retryAfter: string | undefined,
): WireAnswer | undefined {
  switch (fault) {
    case '429': {
      const answer = error(429, 'rate_limit_exceeded', 'requests', 'Rate limit reached. Please slow down.');
      return retryAfter === undefined ? answer : { ...answer, headers: { 'retry-after': retryAfter } };
    }
    case '429-quota':
      return error(429, 'insufficient_quota', 'insufficient_quota', 'You exceeded your current quota.');
    case '500':
      return error(500, null, 'server_error', 'The server had an error.');
    case '503':
      return error(503, null, 'service_unavailable', 'The engine is overloaded.');
    case '401':
      return error(401, 'invalid_api_key', 'invalid_request_error', 'Incorrect API key provided.');
    case '404':
      return error(404, 'model_not_found', 'invalid_request_error', `The model ${model} does not exist.`);
    case '400':
      return error(400, null, 'invalid_request_error', 'The request is not valid.');
    default:
      return undefined;
  }
}

/** An error as OpenAI words it. */
export function error(status: number, code: string | null, type: string, message: string): WireAnswer {
  return { status, body: JSON.stringify({ error: { message, type, param: null, code } }) };
}
