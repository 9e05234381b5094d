import type { Tool } from '../../stages/tools/tool.ts';
import { Failure } from '../../streams/failure.ts';
import { environmentVariable } from '../config/environment-variable.ts';
import { pageSettingsOf, type WebSettings } from '../config/look-up-settings.ts';
import type { Settings } from '../config/settings.ts';
import type { LookUpCache } from './cache/look-up-cache.ts';
import type { SafeFetch } from './fetch/safe-fetch.ts';
import { openPage } from './page/open-page.ts';
import { PageReader } from './page/page-reader.ts';
import { searchProviderSlot } from './web-search/provider-slot.ts';
import { webSearch } from './web-search/web-search.ts';

type Deps = Readonly<{ fetch: SafeFetch; kept: LookUpCache }>;

/** What looks things up on the web, as the settings have it. To be closed. Throws Failures of kind `fatal` that say what is missing. */
export function webTools(
  { lookUpTools }: Settings,
  { fetch, kept }: Deps,
): Readonly<{ tools: readonly Tool[]; close(): void }> {
  const { web } = lookUpTools;
  const rules = pageSettingsOf(lookUpTools);
  const search = web === undefined ? [] : [searchOf(web, kept)];
  if (rules === undefined) return { tools: search, close: () => undefined };
  const reader = new PageReader(fetch, rules);
  return { tools: [...search, openPage({ reader, rules, kept })], close: () => reader.close() };
}

function searchOf(settings: WebSettings, kept: LookUpCache): Tool {
  const search = settingsOfSearch(settings);
  const { keyVariable } = search;
  const key = () => (keyVariable === undefined ? undefined : environmentVariable(keyVariable));
  return webSearch({ ...search, key, kept });
}

/**
 * By whom the web is searched, where, and for how much. Throws a Failure of kind `fatal`: `unknown_provider`, `bad_setting` where nobody
 * knows where to ask, `no_key` where the variable of its key is not set.
 */
export function settingsOfSearch(settings: WebSettings) {
  const provider = searchProviderSlot.named(settings.provider, 'unknown_provider');
  const {
    baseUrl = provider.endpoint,
    keyVariable = provider.keyVariable,
    price = provider.price,
  } = settings;
  if (baseUrl === '') {
    const message = `Web search by ${provider.name} needs its address: set lookUpTools.web.baseUrl, such as http://localhost:8888.`;
    throw new Failure('fatal', 'bad_setting', message);
  }
  if (keyVariable !== undefined && environmentVariable(keyVariable) === undefined)
    throw new Failure('fatal', 'no_key', `Web search by ${provider.name} needs a key: set ${keyVariable}.`);
  return { ...settings, provider, baseUrl, keyVariable, price };
}
