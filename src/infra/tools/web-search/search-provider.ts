/** One result of a search of the web. */
export type SearchHit = Readonly<{
  title: string;
  url: string;
  /** What the search shows of the page. */
  excerpt: string;
}>;

/** What a provider may ask by. */
export type SearchContext = Readonly<{
  signal: AbortSignal;
  /** Where it is asked, as the settings have it: `endpoint` where they say nothing. */
  baseUrl: string;
  /** What stands in the variable of its key, and which one that is. */
  key?: string | undefined;
  keyVariable?: string | undefined;
}>;

/**
 * Who searches the web. `search` gives the best first, and must be safe to repeat. It throws Failures, or any error, which counts as one that
 * may pass.
 */
export type SearchProvider = Readonly<{
  /** As the setting `lookUpTools.web` names it. */
  name: string;
  /** Where it is asked. Empty: the settings have to say it. */
  endpoint: string;
  /** The variable that holds its key. Absent: it needs none. */
  keyVariable?: string | undefined;
  /** Of one search, in US dollars. */
  price: number;
  search(query: string, limit: number, context: SearchContext): Promise<readonly SearchHit[]>;
}>;

/** A provider of web searches, for `searchProviders` of a plugin. Nothing happens until it is registered. */
export function defineSearchProvider(provider: SearchProvider): SearchProvider {
  return provider;
}
