import { rareWords } from '../../../src/infra/models/simulated/grounded.ts';
import type { ToolCall } from '../../../src/stages/tools/tool.ts';
import type { ScriptedRequest } from './scripted-llm-request.ts';

const PLACE = /- document ("[^"]*"), at (\d+)/;

/**
 * What the model looks up before it answers: it searches the documents, opens the first that was found, and then has seen enough. Without
 * documents it searches the web for the question, once.
 */
export function lookUpOf({ messages, tools }: ScriptedRequest, question: string): ToolCall | undefined {
  const results = messages.filter(({ role }) => role === 'tool');
  const [first] = results;
  const call = (name: string, args: object) =>
    tools.includes(name) ? { id: `call_${results.length + 1}`, name, args: JSON.stringify(args) } : undefined;
  if (first === undefined)
    return (
      call('search_documents', { query: rareWords(question).join(' ') }) ??
      call('web_search', { query: question })
    );
  const [, document, at] = PLACE.exec(first.content) ?? [];
  if (results.length > 1 || document === undefined) return undefined;
  return call('open_document', { document: JSON.parse(document), at: Number(at) });
}
