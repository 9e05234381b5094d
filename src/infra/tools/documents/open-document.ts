import { z } from 'zod';
import type { PieceFinder, ReadStretch, Stretch } from '../../../stages/evidence/finder.ts';
import type { Tool } from '../../../stages/tools/tool.ts';
import { argumentsSchema } from '../arguments-schema.ts';
import { refusedForGood } from '../refused-for-good.ts';
import { pathOfId, sourceOfId } from './document-id.ts';
import { urlsOf } from './search-documents.ts';

const SHOWN_CHARACTERS = 8_000;
/** Whoever opens a document at a passage wants to see what stands before it, too. */
const BEFORE_CHARACTERS = 1_500;
const NO_SUCH_DOCUMENT = 'There is no such document: take an id that a result of search_documents named.';

const argsSchema = z.object({
  document: z.string().describe('The id of the document, from a result of search_documents.'),
  at: z.number().int().min(0).optional().describe('Around which character; from the beginning if left out.'),
});

/** The tool `open_document`: what stands around a passage of a document that the user has added. */
export function openDocument(read: NonNullable<PieceFinder['read']>): Tool {
  return {
    name: 'open_document',
    version: '1',
    description:
      "Opens one of the user's documents around a place, 8,000 characters at a time, with pages and lines. Use it to read on where a passage that was found breaks off.",
    parameters: argumentsSchema(argsSchema),
    reach: 'local',
    timeoutMs: 5_000,
    price: 0,
    run: async (args, { sources }) => {
      const { document, at = 0 } = argsSchema.parse(args);
      const source = sourceOfId(document);
      const from = Math.max(0, at - BEFORE_CHARACTERS);
      const stretch = { source, path: pathOfId(document), from, characters: SHOWN_CHARACTERS };
      const isMeant = sources === undefined || sources.includes(source);
      const found = isMeant ? await read(stretch) : undefined;
      if (found === undefined) throw refusedForGood('no_such_document', NO_SUCH_DOCUMENT);
      return { pieces: found.pieces, text: goOn(found, stretch), urls: urlsOf(found.pieces) };
    },
  };
}

function goOn({ pieces, length }: ReadStretch, { from }: Stretch): string {
  const [first, last] = [pieces[0], pieces.at(-1)];
  if (first === undefined || last === undefined) return `The document ends at ${length}, before ${from}.`;
  const shown = `Characters ${first.start} to ${last.end} of ${length} are shown.`;
  return last.end >= length
    ? shown
    : `${shown} To read on, ask again with at: ${last.end + BEFORE_CHARACTERS}.`;
}
