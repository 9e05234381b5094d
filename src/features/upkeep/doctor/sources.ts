import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { indexedIn } from '../../../infra/documents/index/of-settings.ts';
import { openEngine } from '../../../infra/engines/open-engine.ts';
import { count, plural } from '../../../infra/terminal/format.ts';
import { samePlace } from '../../run/place-flags.ts';
import { type Check, type CheckContext, ok, warning } from './check.ts';

/** Whether all that was added can be searched, and all that was taken back is gone. */
export const sources: Check = {
  name: 'sources',
  look: async (context) => {
    const { settings } = context;
    // A MongoDB that does not answer is told of by its own look.
    const unlessOnMongo = (error: unknown) => {
      if (settings.mongo === undefined) throw error;
      return undefined;
    };
    const found = await indexedIn(settings).catch(unlessOnMongo);
    if (found === undefined || found.sources === 0) return [];
    const place = samePlace();
    const half = (await halfForgotten(context).catch(unlessOnMongo)) ?? [];
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

async function halfForgotten({ settings, namespace }: CheckContext): Promise<readonly string[]> {
  const { data, mongo, engine: named } = settings;
  const isThere = mongo !== undefined || named !== undefined || existsSync(join(data, `${namespace}.db`));
  if (!isThere) return [];
  await using engine = await openEngine({ settings, namespace, mode: 'read' });
  return await engine.store.evidence.unfinished();
}
