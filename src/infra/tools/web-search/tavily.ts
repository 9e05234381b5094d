import { z } from 'zod';
import { askProvider } from './ask-provider.ts';
import { plainHit } from './plain-hit.ts';
import type { SearchProvider } from './search-provider.ts';

const hit = z.object({ url: z.string(), title: z.string().nullish(), content: z.string().nullish() });
const answerSchema = z.object({ results: z.array(hit) });

/** https://docs.tavily.com/documentation/api-reference/endpoint/search */
export const tavily: SearchProvider = {
  name: 'tavily',
  endpoint: 'https://api.tavily.com',
  keyVariable: 'TAVILY_API_KEY',
  price: 0.008,
  search: async (query, limit, context) => {
    const headers = { authorization: `Bearer ${context.key ?? ''}` };
    const asked = { provider: 'tavily', path: '/search', headers, body: { query, max_results: limit } };
    const { results } = await askProvider(asked, answerSchema, context);
    return results.map(({ url, title, content }) => plainHit(url, title, content));
  },
};
