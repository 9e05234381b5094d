import type { ChatRequest } from '../../../stages/agent/chat-model.ts';
import type { ToolCall } from '../../../stages/tools/tool.ts';
import { seededRandom } from '../random.ts';
import { hashOf, questionIn } from './answer.ts';
import { rareWords } from './grounded.ts';
import { simulatedArgs } from './tool-calls.ts';

/** What it searches with, the first that is offered; else it calls the first tool that needs no result before it. */
const SEARCHES = ['search_documents', 'web_search'] as const;
const OPENS: ReadonlySet<string> = new Set(['open_document', 'open_page']);
const MOST_QUERY_CHARACTERS = 200;
const SECOND_QUERY_WORDS = 4;

/**
 * What a simulated researcher looks up: it searches once with the words of the question, and every other time once more with its rare
 * words alone. Where there is no search it calls another tool once. `undefined`: it answers, from what it was shown.
 */
export function simulatedCalls(request: ChatRequest, seed: number): readonly ToolCall[] | undefined {
  const { messages, tools = [] } = request;
  const name = SEARCHES.find((search) => tools.some((tool) => tool.name === search));
  const question = questionIn(messages);
  const searched = messages.filter(({ role }) => role === 'tool').length;
  if (name === undefined) return searched === 0 ? otherCall(request, seed, question) : undefined;
  const [asked] = messages.filter(({ role }) => role === 'user');
  const searchesTwice = seededRandom(hashOf(asked === undefined ? [] : [asked], seed))() < 0.5;
  if (searched > (searchesTwice ? 1 : 0)) return undefined;
  const rare = rareWords(question).slice(0, SECOND_QUERY_WORDS).join(' ');
  const query = (searched === 0 ? question.replace(/\s+/g, ' ') : rare)
    .slice(0, MOST_QUERY_CHARACTERS)
    .toWellFormed();
  if (query.trim() === '') return undefined;
  return [{ id: `call_${searched + 1}`, name, args: JSON.stringify({ query }) }];
}

function otherCall(
  { messages, tools = [] }: ChatRequest,
  seed: number,
  question: string,
): readonly ToolCall[] | undefined {
  const tool = tools.find(({ name }) => !OPENS.has(name));
  if (tool === undefined) return undefined;
  const args = simulatedArgs(tool.parameters, { hash: hashOf(messages, seed), question, approve: true });
  return [{ id: 'call_1', name: tool.name, args }];
}
