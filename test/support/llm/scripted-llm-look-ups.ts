import { rareWords } from '../../../src/infra/models/simulated/grounded.ts';
import type { ToolCall } from '../../../src/stages/tools/tool.ts';
import type { ScriptedRequest } from './scripted-llm-request.ts';

const PLACE = /- document ("[^"]*"), at (\d+)/;

/**
 * What the model looks up before it answers: it searches the documents, opens the first that was found, and searches the web for the
 * question, once; each where it can.
 */
export function lookUpOf({ messages, tools }: ScriptedRequest, question: string): ToolCall | undefined {
  const results = messages.filter(({ role }) => role === 'tool');
  const [first, second] = results;
  const call = (name: string, args: object) =>
    tools.includes(name) ? { id: `call_${results.length + 1}`, name, args: JSON.stringify(args) } : undefined;
  const web = () => call('web_search', { query: question });
  if (first === undefined) return call('search_documents', { query: rareWords(question).join(' ') }) ?? web();
  const [, document, at] = PLACE.exec(first.content) ?? [];
  if (document === undefined || results.length > 2) return undefined;
  return second === undefined
    ? call('open_document', { document: JSON.parse(document), at: Number(at) })
    : web();
}
