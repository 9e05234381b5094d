import { indexed } from '../../../infra/documents/index/index-file.ts';
import { indexPath } from '../../../infra/documents/index/index-path.ts';
import { count, plural } from '../../../infra/terminal/format.ts';
import { type Check, ok, warning } from './check.ts';

/** The documents that answers rest on: there, readable, and all of their files read. */
export const sources: Check = {
  name: 'sources',
  look: async ({ settings }) => {
    const found = indexed(indexPath(settings));
    if (found.sources === 0) return [];
    const text = `${plural(found.sources, 'source')}, ${plural(found.documents, 'document')}, ${plural(found.chunks, 'chunk')}`;
    if (settings.mongo !== undefined)
      return [
        warning(
          `${text}: not searched, since a MongoDB is named`,
          'leave mongo out, or use --research memory',
        ),
      ];
    if (found.refused === 0) return [ok(text)];
    const refused = `${count(found.refused)} could not be read`;
    return [warning(`${text}; ${refused}`, 'millrace sources list, then: millrace sources show NAME')];
  },
};
