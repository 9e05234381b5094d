import type { KnownDocument, Source, SourceTally } from '../../infra/documents/index/document-index.ts';
import { alignedColumns, count, plural, printable } from '../../infra/terminal/format.ts';
import type { FoundPiece } from '../../stages/evidence/finder.ts';
import { placeText } from '../../stages/evidence/piece.ts';
import { isForgotten } from './forgotten-documents.ts';
import type { Added } from './read-source.ts';

const MOST_SHOWN_TEXT = 240;

/** What became of the files of a source, for people. */
export function addedText({
  source,
  added,
  changed,
  unchanged,
  removed,
  refused,
  passedOver,
  forgotten,
  newChunks,
}: Added): string {
  const files = added + changed + unchanged;
  const read = files - refused.length;
  const held = refused.length === 0 ? plural(files, 'document') : plural(files, 'file');
  const cannot = refused.length === 0 ? '' : ` of which ${count(refused.length)} cannot be read`;
  const counts = `${count(added)} added, ${count(changed)} changed, ${count(unchanged)} as they were, ${count(removed)} gone`;
  const others =
    passedOver === 0
      ? []
      : [
          `${plural(passedOver, 'file')} passed over: nothing reads files of ${passedOver === 1 ? 'its kind' : 'their kinds'}.`,
        ];
  const out = forgotten === 0 ? [] : [`${plural(forgotten, 'file')} kept out: forgotten before.`];
  const none = read === 0 ? [`Nothing of ${source} can be searched.`] : [];
  return [
    `${source}: ${held} (${counts})${cannot}, ${plural(newChunks, 'new chunk')}.`,
    ...refused.map((reason) => `  ${printable(reason, 300)}`),
    ...others,
    ...out,
    ...none,
  ].join('\n');
}

/** What a person may do with what was indexed. @param place where it is, as flags with a space before each. */
export function nextSourcesText(place: string, millrace = 'millrace'): string {
  return [
    'Next:',
    `  ${millrace} sources search WORDS${place}`,
    '    what a question with these words would be shown',
    `  ${millrace} run FILE --research sources${place}`,
    '    answers that rest on it, each quote checked',
  ].join('\n');
}

export function sourceText(source: Source, documents: readonly KnownDocument[]): string {
  const { name, root, license } = source;
  const kept = documents.filter((each) => !isForgotten(each));
  const refused = kept.filter(({ state }) => state === 'refused').length;
  const held =
    refused === 0
      ? plural(kept.length, 'document')
      : `${plural(kept.length, 'file')}, of which ${count(refused)} cannot be read,`;
  const licence = license === '' ? '' : `, licence ${license}`;
  return [`${name}: ${held} of ${printable(root)}${licence}`, ...documents.map(documentText)].join('\n');
}

function documentText(document: KnownDocument): string {
  const { path, title, bytes, state, message } = document;
  if (isForgotten(document)) return `  ${printable(message, 300)}`;
  if (state === 'refused') return `  refused: ${printable(message, 300)}`;
  const called = title === path ? '' : `, ${printable(title, 100)}`;
  return `  ${printable(path)}${called}, ${count(bytes)} bytes`;
}

/** The sources in a line each; where there is none, how to add one. */
export function sourcesTable(sources: readonly SourceTally[]): string {
  if (sources.length === 0) return NO_SOURCES;
  const rows = sources.map(({ name, documents, refused, chunks, license, root }) => [
    ...[name, count(documents), count(refused), count(chunks), license || '-', printable(root)],
  ]);
  return alignedColumns([['source', 'documents', 'refused', 'chunks', 'licence', 'from'], ...rows]);
}

export const NO_SOURCES = 'No sources yet. Add one with: millrace sources add DIR';

/** What was found, the best first. */
export function foundText(found: readonly FoundPiece[]): string {
  if (found.length === 0)
    return 'Nothing in the sources has these words. What there is: millrace sources list';
  return found
    .map((piece, index) => {
      const { source, text } = piece;
      const name = source.replace(/^documents:/, '').split('/')[0] ?? '';
      return `${index + 1}. ${printable(name)}: ${printable(placeText(piece))}\n   ${printable(text, MOST_SHOWN_TEXT)}`;
    })
    .join('\n');
}
