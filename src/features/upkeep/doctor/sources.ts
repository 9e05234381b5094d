import { indexedIn } from '../../../infra/documents/index/of-settings.ts';
import { count, plural } from '../../../infra/terminal/format.ts';
import { samePlace } from '../../run/place-flags.ts';
import { type Check, foundInData, ok, unlessOnMongo, warning } from './check.ts';

/** Whether all that was added can be searched, and all that was taken back is gone. */
export const sources: Check = {
  name: 'sources',
  look: async (context) => {
    const { settings } = context;
    const found = await indexedIn(settings).catch(unlessOnMongo(settings));
    if (found === undefined || found.sources === 0) return [];
    const place = samePlace();
    const unfinished = foundInData(context, ({ store }) => store.evidence.unfinished());
    const half = (await unfinished.catch(unlessOnMongo(settings))) ?? [];
    const text = `${plural(found.sources, 'source')}, ${plural(found.documents, 'document')}, ${plural(found.chunks, 'chunk')}`;
    const refused = `${text}; ${count(found.refused)} could not be read`;
    return [
      found.refused === 0
        ? ok(text)
        : warning(refused, `millrace sources list${place}, then: millrace sources show NAME${place}`),
      ...half.map((key) =>
        warning(
          `${key} was to be forgotten, and the command was broken off`,
          `millrace forget --source ${key}${place}`,
        ),
      ),
    ];
  },
};
