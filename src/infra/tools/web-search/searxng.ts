import { z } from 'zod';
import { askProvider } from './ask-provider.ts';
import type { SearchProvider } from './search-provider.ts';
import { withoutMarkup } from './without-markup.ts';

const hit = z.object({ url: z.string(), title: z.string().nullish(), content: z.string().nullish() });
const answerSchema = z.object({ results: z.array(hit) });

/** A SearXNG of one's own: https://docs.searxng.org/dev/search_api.html. Its settings have to allow JSON. */
export const searxng: SearchProvider = {
  name: 'searxng',
  endpoint: '',
  price: 0,
  search: async (q, limit, context) => {
    const asked = { provider: 'searxng', path: '/search', query: { q, format: 'json' } };
    const { results } = await askProvider(asked, answerSchema, context);
    return results.slice(0, limit).map(({ url, title, content }) => ({
      ...{ url, title: withoutMarkup(title), excerpt: withoutMarkup(content) },
    }));
  },
};
