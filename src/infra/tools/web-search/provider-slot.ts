import { Slot } from '../../../stages/registry/slot.ts';
import { brave } from './brave.ts';
import type { SearchProvider } from './search-provider.ts';
import { searxng } from './searxng.ts';
import { tavily } from './tavily.ts';

/** Where providers of web searches are registered. */
export const searchProviderSlot = new Slot<SearchProvider>({
  noun: 'search provider',
  faultIn: (provider) => {
    const { search, endpoint, price } = Object(provider);
    if (typeof search !== 'function') return 'expected search(query, limit, context)';
    if (typeof endpoint !== 'string') return 'expected endpoint, a URL or an empty text';
    return typeof price === 'number' && price >= 0 ? undefined : 'expected price, in US dollars a search';
  },
  own: [searxng, brave, tavily],
});
