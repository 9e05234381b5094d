import { indexedIn } from '../../../infra/documents/index/of-settings.ts';
import { count, plural } from '../../../infra/terminal/format.ts';
import { type Check, ok, warning } from './check.ts';

/** The documents that answers rest on: there, readable, and all of their files read. */
export const sources: Check = {
  name: 'sources',
  look: async ({ settings }) => {
    // A MongoDB that does not answer is told of by its own look.
    const found = await indexedIn(settings).catch(unlessOnMongo(settings.mongo));
    if (found === undefined || found.sources === 0) return [];
    const text = `${plural(found.sources, 'source')}, ${plural(found.documents, 'document')}, ${plural(found.chunks, 'chunk')}`;
    if (found.refused === 0) return [ok(text)];
    const refused = `${count(found.refused)} could not be read`;
    return [warning(`${text}; ${refused}`, 'millrace sources list, then: millrace sources show NAME')];
  },
};

function unlessOnMongo(mongo: string | undefined) {
  return (error: unknown) => {
    if (mongo === undefined) throw error;
    return undefined;
  };
}
