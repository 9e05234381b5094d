import { contentHashOf } from '../../stages/evidence/piece.ts';
import type { Tool, ToolAnswer } from '../../stages/tools/tool.ts';

const HOST = 'https://simulated.invalid';
const HITS = 2;

/** The web of a rehearsal: it asks nobody, costs nothing, and says in every text that it is invented. */
export function simulatedWeb(tools: readonly Tool[]): readonly Tool[] {
  return tools.flatMap((tool) => {
    const invent = INVENTED[tool.name];
    return invent === undefined
      ? []
      : [{ ...tool, price: 0, run: async (args) => invent(args) } satisfies Tool];
  });
}

type Args = Readonly<Record<string, unknown>>;

const INVENTED: Readonly<Record<string, (args: Args) => ToolAnswer>> = {
  web_search: ({ query }) =>
    answerOf(Array.from({ length: HITS }, (_, index) => addressOf(String(query), index + 1))),
  open_page: ({ url }) => answerOf([String(url)]),
};

function addressOf(query: string, number: number): string {
  return `${HOST}/${contentHashOf(query).slice(0, 8)}/${number}`;
}

function answerOf(urls: readonly string[]): ToolAnswer {
  const pieces = urls.map((url) => {
    const text = `[simulated] This page of the web is invented, and nothing can be learnt from it: ${url}`;
    const place = {
      start: 0,
      end: text.length,
      contentHash: contentHashOf(text),
      at: new Date().toISOString(),
    };
    const source = `page:${url.replace(/^https?:\/\//, '')}`;
    return { kind: 'page' as const, source, title: '[simulated] An invented page', url, text, ...place };
  });
  return { pieces, urls };
}
