import type { Question } from '../question.ts';
import type { ToolCall } from '../tools/tool.ts';
import type { OfferedTool } from './look-up-call.ts';
import type { LookUpProgress } from './look-up-progress.ts';
import type { LookUpWork } from './look-up-work.ts';

type Tools = ReadonlyMap<string, OfferedTool>;

const WEB_SEARCH = 'web_search';
const OPEN_PAGE = 'open_page';
const MOST_QUERY_CHARACTERS = 400;
/** Of what the search shows. */
const OPENED_PAGES = 3;

/** Whether there is a search of the web, and no documents whose search stands in front of the model. */
export function hasWebAlone(tools: Tools): boolean {
  return tools.has(WEB_SEARCH) && !tools.has('search_documents');
}

/** Whether somebody has to look things up for a model that cannot, and would have nothing in front of it. */
export function isUnaided({ tools, model, asked, support }: LookUpWork, { turns }: LookUpProgress): boolean {
  if (!hasWebAlone(tools)) return false;
  const [first, second] = turns;
  // Another process may have found out that it cannot.
  const isFoundOut = first?.body.last === true && first.body.outcome === 'notes' && second === undefined;
  return isFoundOut || (first === undefined && support.isUnable(model, asked));
}

/**
 * What is looked up for it: the question's own words, and then the first pages that the search shows.
 *
 * @param searchKey of the step that the search becomes.
 */
export function callsForUnable(
  { text }: Question,
  tools: Tools,
  { results }: LookUpProgress,
  searchKey: string,
): readonly ToolCall[] {
  const query = text.slice(0, MOST_QUERY_CHARACTERS).toWellFormed();
  const found = results.find(({ step }) => step.key === searchKey)?.body;
  const pages = tools.has(OPEN_PAGE) ? (found?.urls ?? []).slice(0, OPENED_PAGES) : [];
  return [callOf(WEB_SEARCH, { query }), ...pages.map((url) => callOf(OPEN_PAGE, { url }))];
}

function callOf(name: string, args: Readonly<Record<string, unknown>>): ToolCall {
  return { id: '', name, args: JSON.stringify(args) };
}
