import { digitsAsText, jsonOr } from '../../../stages/text/parse-exact.ts';
import { quoted } from '../listed.ts';
import { kindOf } from './entry-schema.ts';
import { asFields, type RowFields } from './meant.ts';
import type { Role, RowMessage, RowToolCall } from './message.ts';

/** By what chat APIs, ShareGPT and their kin call who speaks. */
const ROLES: ReadonlyMap<string, Role> = new Map([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['human', 'user'],
  ['assistant', 'assistant'],
  ['gpt', 'assistant'],
  ['chatgpt', 'assistant'],
  ['model', 'assistant'],
  ['bot', 'assistant'],
  ['function_call', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
  ['observation', 'tool'],
]);

/**
 * Messages of `{role, content}` or of `{from, value}`, as a list or as the JSON text of one; or why they are none.
 * Calls of tools are read in the form of OpenAI, in our own, and as ShareGPT's `function_call`.
 */
export function rowMessagesOf(value: unknown): readonly RowMessage[] | string {
  const list = typeof value === 'string' ? jsonOr(value) : value;
  if (!Array.isArray(list)) return `expected an array of messages, came ${kindOf(value)}`;
  const messages: RowMessage[] = [];
  for (const [index, each] of list.entries()) {
    for (const one of resultsApart(each, messages)) {
      const message = messageOf(one, messages);
      if (typeof message === 'string') return `message ${index + 1}: ${message}`;
      messages.push(message);
    }
  }
  return messages;
}

/** ShareGPT has one `observation` for the results of several calls: a JSON array of as many texts. */
function resultsApart(value: unknown, before: readonly RowMessage[]): readonly unknown[] {
  const fields = asFields(value);
  const calls = before.at(-1)?.tool_calls ?? [];
  if (fields?.['from'] !== 'observation' || calls.length < 2) return [value];
  const results = jsonOr(String(fields['value']));
  const areTexts = Array.isArray(results) && results.every((each) => typeof each === 'string');
  if (!areTexts || results.length !== calls.length) return [value];
  return results.map((text) => ({ ...fields, value: text }));
}

function messageOf(value: unknown, before: readonly RowMessage[]): RowMessage | string {
  const fields = asFields(value);
  if (fields === undefined) return `expected an object, came ${kindOf(value)}`;
  const said = String(fields['role'] ?? fields['from'] ?? '');
  const role = ROLES.get(said.toLowerCase());
  if (role === undefined) return `expected a role such as user or assistant, came ${quoted(said)}`;
  const content = textOf(fields['content'] ?? fields['value']);
  if (typeof content !== 'string') return content.reason;
  const called = said === 'function_call' ? jsonOr(content) : fields['tool_calls'];
  const calls = callsOf(called, before);
  if (typeof calls === 'string') return calls;
  const { name } = fields;
  const reasoning = fields['reasoning_content'] ?? fields['reasoning'] ?? fields['thinking'];
  return {
    role,
    content: said === 'function_call' ? '' : content,
    ...(typeof reasoning === 'string' && reasoning !== '' ? { reasoning } : {}),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...(typeof name === 'string' && name !== '' ? { name } : {}),
    ...(role === 'tool' ? answeredCall(fields, before) : {}),
  };
}

/** Text, or the texts of its parts; what is no text cannot be trained on as such. */
function textOf(content: unknown): string | Readonly<{ reason: string }> {
  if (content === null || content === undefined) return '';
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return { reason: `expected text, came ${kindOf(content)}` };
  const texts: string[] = [];
  for (const part of content) {
    const fields = asFields(part);
    const text = typeof part === 'string' ? part : fields?.['text'];
    if (typeof text === 'string') texts.push(text);
    else return { reason: `expected text, came a part of type ${quoted(String(fields?.['type']))}` };
  }
  return texts.join('\n\n');
}

function callsOf(value: unknown, before: readonly RowMessage[]): readonly RowToolCall[] | string {
  if (value === undefined || value === null) return [];
  const list = Array.isArray(value) ? value : [value];
  const earlier = before.reduce((sum, { tool_calls = [] }) => sum + tool_calls.length, 0);
  const calls: RowToolCall[] = [];
  for (const [index, each] of list.entries()) {
    const outer = asFields(each);
    const call = asFields(outer?.['function']) ?? outer;
    const name = call?.['name'];
    if (typeof name !== 'string') return `tool_calls[${index}]: expected a name and arguments`;
    const id = typeof outer?.['id'] === 'string' ? outer['id'] : `call_${earlier + index + 1}`;
    calls.push({ id, name, arguments: argumentsOf(call) });
  }
  return calls;
}

function argumentsOf(call: RowFields | undefined): string {
  const value = call?.['arguments'] ?? call?.['parameters'] ?? {};
  return typeof value === 'string' ? value : JSON.stringify(digitsAsText(value));
}

/** Results that do not say which call they answer are those of the last calls, in their order. */
function answeredCall(fields: RowFields, before: readonly RowMessage[]): Pick<RowMessage, 'tool_call_id'> {
  const given = fields['tool_call_id'];
  if (typeof given === 'string') return { tool_call_id: given };
  const at = before.findLastIndex(({ role }) => role !== 'tool');
  const id = before[at]?.tool_calls?.[before.length - at - 1]?.id;
  return id === undefined ? {} : { tool_call_id: id };
}
