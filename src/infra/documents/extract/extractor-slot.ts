import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Slot } from '../../../stages/registry/slot.ts';
import type { Extractor } from './extractor.ts';

const ENDING = /^\.[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
const CONTENT_TYPE = /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/;

const OURS: readonly Extractor[] = [
  { name: 'markdown', version: '1', types: ['.md', '.markdown'], module: 'millrace:markdown' },
  { name: 'text', version: '1', types: ['.txt', '.text'], module: 'millrace:text' },
  { name: 'pdf', version: '1', types: ['.pdf'], module: 'millrace:pdf' },
  { name: 'docx', version: '1', types: ['.docx'], module: 'millrace:docx' },
  { name: 'html', version: '1', types: ['.html', '.htm', '.xhtml'], module: 'millrace:html' },
  { name: 'epub', version: '1', types: ['.epub'], module: 'millrace:epub' },
  { name: 'rows', version: '1', types: ['.csv', '.tsv', '.jsonl'], module: 'millrace:rows' },
];

/** Where extractors are registered. A later one takes the endings over that it reads. */
export const extractorSlot = new Slot<Extractor>({
  noun: 'extractor',
  faultIn,
  faultAmong: (parts) => {
    const brought = parts.filter((part) => !OURS.includes(part));
    for (const [index, part] of brought.entries())
      for (const other of brought.slice(0, index)) {
        const both = kindsOf(part).find((kind) => kindsOf(other).includes(kind));
        if (both !== undefined) return { part, fault: `${other.name} reads ${both} already` };
      }
    return undefined;
  },
  own: OURS,
});

/** What reads the file; `undefined` where nothing does. */
export function extractorFor(path: string): Extractor | undefined {
  const type = extname(path).toLowerCase();
  return [...extractorSlot.parts.values()].findLast(({ types }) => types.includes(type));
}

/** What reads pages of the content type, where a plugin brought it. */
export function extractorOfContent(type: string): Extractor | undefined {
  if (type === '') return undefined;
  return [...extractorSlot.parts.values()].findLast(({ contentTypes = [] }) => contentTypes.includes(type));
}

/** Endings of the files that are read, such as `.md`. */
export function documentTypes(): readonly string[] {
  return [...new Set([...extractorSlot.parts.values()].flatMap(({ types }) => types))];
}

/** Whether the module is one of ours, which come with Millrace: `millrace:pdf`. */
function isOurs(module: URL | string): boolean {
  return OURS.some((each) => each.module === module);
}

function kindsOf({ types, contentTypes = [] }: Extractor): readonly string[] {
  return [...types, ...contentTypes];
}

function faultIn(extractor: unknown): string | undefined {
  const { version, types, contentTypes = [], module } = Object(extractor);
  if (typeof version !== 'string' || version === '') return 'expected version, such as "1"';
  if (!isListOf(types, ENDING)) return "expected types, a list of endings such as ['.srt']";
  if (!isListOf(contentTypes, CONTENT_TYPE))
    return "expected contentTypes, a list such as ['application/x-subrip']";
  if (types.length + contentTypes.length === 0) return 'it reads nothing: expected types or contentTypes';
  return faultInModule(module);
}

function isListOf(list: unknown, pattern: RegExp): list is readonly string[] {
  return Array.isArray(list) && list.every((each) => typeof each === 'string' && pattern.test(each));
}

function faultInModule(module: unknown): string | undefined {
  if (typeof module === 'string' && isOurs(module)) return undefined;
  const url = URL.parse(String(module));
  if (url?.protocol !== 'file:')
    return "expected module, the URL of a file, as in new URL('./read-subtitles.ts', import.meta.url)";
  const path = fileURLToPath(url);
  return existsSync(path) ? undefined : `its module ${path} is not there`;
}
