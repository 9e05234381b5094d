import type { ChatRequest } from '../../../stages/agent/chat-model.ts';
import type { ToolCall } from '../../../stages/tools/tool.ts';
import { seededRandom } from '../random.ts';
import { hashOf, questionIn } from './answer.ts';
import { rareWords } from './grounded.ts';

/** What it searches with, the first that is offered. */
const SEARCHES = ['search_documents', 'web_search'] as const;
const MOST_QUERY_CHARACTERS = 200;
const SECOND_QUERY_WORDS = 4;

/**
 * What a simulated researcher looks up: it searches once with the words of the question, and every other time once more with its rare
 * words alone. `undefined`: it answers, from what it was shown.
 */
export function simulatedCalls(request: ChatRequest, seed: number): readonly ToolCall[] | undefined {
  const { messages, tools = [] } = request;
  const name = SEARCHES.find((search) => tools.some((tool) => tool.name === search));
  if (name === undefined) return undefined;
  const question = questionIn(messages);
  const searched = messages.filter(({ role }) => role === 'tool').length;
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
