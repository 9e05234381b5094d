import type { FoundPiece } from '../../../stages/evidence/finder.ts';

const PREFIX = 'documents:';

/** How the model names a document: by its source and its path there, which is no path of this machine. */
export function documentIdOf({ source }: Pick<FoundPiece, 'source'>): string {
  return source.slice(PREFIX.length);
}

/** The name of the source of a document, which holds no slash. */
export function sourceOfId(document: string): string {
  return document.split('/', 1)[0] ?? '';
}

export function pathOfId(document: string): string {
  return document.slice(sourceOfId(document).length + 1);
}
