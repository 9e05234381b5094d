import { embeddingPriceOf } from '../../../infra/config/embedding-settings.ts';
import type { Settings } from '../../../infra/config/settings.ts';
import { vectorsIn } from '../../../infra/documents/index/of-settings.ts';
import { missingKeyOf } from '../../../infra/documents/vectors/open-embedder.ts';
import type { SearchedByVectors } from '../../../infra/documents/vectors/vector-index.ts';
import { count, plural } from '../../../infra/terminal/format.ts';
import { MAKES_VECTORS, noticesOf } from '../../run/session/vector-notices.ts';
import { type Check, failed, ok, unlessOnMongo, warning } from './check.ts';

/** Whether documents are searched by meaning as the settings say: key, price, and vectors of the model for all chunks. Nobody is asked. */
export const embeddings: Check = {
  name: 'embeddings',
  look: async ({ settings, simulated }) => {
    const wanted = settings.embeddings;
    if (wanted === undefined) return [];
    if (simulated)
      return [
        warning('a simulated run searches by words alone, and asks for no vectors', 'leave out --dry-run'),
      ];
    const found = await vectorsIn(settings).catch(unlessOnMongo(settings));
    return [...asked(settings, wanted.model), ...(found === undefined ? [] : made(wanted, found))];
  },
};

function asked(settings: Settings, model: string) {
  const key = missingKeyOf(settings);
  return [
    ...(key === undefined
      ? []
      : [failed(`${model} needs a key, and ${key} is not set`, `set ${key}, or embeddings.baseUrl`)]),
    ...(embeddingPriceOf(settings) === undefined
      ? [warning(`the price of ${model} is not known`, 'embeddings.price, in US dollars per million tokens')]
      : []),
  ];
}

function made(wanted: NonNullable<Settings['embeddings']>, found: SearchedByVectors) {
  const notices = noticesOf(wanted, found).map(({ text, isMade }) =>
    warning(text, isMade ? MAKES_VECTORS : 'see "By meaning as well" in docs/sources.md'),
  );
  if (notices.length > 0) return notices;
  const { answering, chunks } = found;
  if (chunks === 0)
    return [ok(`documents will be searched by the vectors of ${wanted.model}: none is indexed yet`)];
  const of = answering === undefined ? '' : `, ${count(answering.dimensions)} dimensions each`;
  return [ok(`${plural(chunks, 'chunk')} searched by the vectors of ${wanted.model}${of}`)];
}
