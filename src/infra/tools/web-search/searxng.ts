import { z } from 'zod';
import { askProvider } from './ask-provider.ts';
import { plainHit } from './plain-hit.ts';
import type { SearchProvider } from './search-provider.ts';

const hit = z.object({ url: z.string(), title: z.string().nullish(), content: z.string().nullish() });
const answerSchema = z.object({ results: z.array(hit) });

/** A SearXNG of one's own: https://docs.searxng.org/dev/search_api.html. Its settings have to allow JSON. */
export const searxng: SearchProvider = {
  name: 'searxng',
  endpoint: '',
  price: 0,
  search: async (q, _limit, context) => {
    const asked = { provider: 'searxng', path: '/search', query: { q, format: 'json' } };
    const { results } = await askProvider(asked, answerSchema, context);
    return results.map(({ url, title, content }) => plainHit(url, title, content));
  },
};
