import { z } from 'zod';
import { askProvider } from './ask-provider.ts';
import { plainHit } from './plain-hit.ts';
import type { SearchProvider } from './search-provider.ts';

const hit = z.object({ url: z.string(), title: z.string().nullish(), description: z.string().nullish() });
const answerSchema = z.object({ web: z.object({ results: z.array(hit) }).nullish() });

/** https://api-dashboard.search.brave.com/app/documentation/web-search/get-started */
export const brave: SearchProvider = {
  name: 'brave',
  endpoint: 'https://api.search.brave.com/res/v1',
  keyVariable: 'BRAVE_SEARCH_API_KEY',
  price: 0.005,
  search: async (q, limit, context) => {
    const headers = { 'x-subscription-token': context.key ?? '' };
    const asked = { provider: 'brave', path: '/web/search', query: { q, count: String(limit) }, headers };
    const { web } = await askProvider(asked, answerSchema, context);
    return (web?.results ?? []).map(({ url, title, description }) => plainHit(url, title, description));
  },
};
