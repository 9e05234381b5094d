import { posix } from 'node:path';
import { Parser } from 'htmlparser2';
import type { ExtractedText } from '../text/block.ts';
import { decoded } from '../text/decode.ts';
import { addHtml } from './html.ts';
import { refusal } from './refusal.ts';
import { TextBuilder } from './text-builder.ts';
import { filesInZip } from './zip.ts';

const CONTAINER = 'META-INF/container.xml';
const TEXT = /\.(?:xml|opf|x?html?)$/i;

/** The text of a book, its chapters in the order of its spine. */
export async function epubFile(bytes: Uint8Array, name: string): Promise<ExtractedText> {
  const files = await filesInZip(bytes, name, (entry) => TEXT.test(entry));
  const read = (path: string) => {
    const found = files.get(path);
    return found === undefined ? undefined : decoded(found);
  };
  const root = elementsIn(read(CONTAINER) ?? '').find(({ tag }) => tag === 'rootfile')?.attributes[
    'full-path'
  ];
  const book = root === undefined ? undefined : read(root);
  if (root === undefined || book === undefined)
    throw refusal('bad_document', `${name}: not a book (no ${CONTAINER} that names its contents).`);
  const builder = new TextBuilder();
  for (const path of chaptersOf(book, posix.dirname(root))) {
    const chapter = read(path);
    if (chapter !== undefined) addHtml(builder, chapter, name);
  }
  return builder.built(name, elementsIn(book).find(({ tag }) => tag === 'dc:title')?.text);
}

function chaptersOf(book: string, directory: string): readonly string[] {
  const elements = elementsIn(book);
  const items = elements.filter(({ tag }) => tag === 'item' || tag.endsWith(':item'));
  const hrefs = new Map(items.map(({ attributes }) => [attributes['id'], attributes['href']]));
  return elements
    .filter(({ tag }) => tag === 'itemref' || tag.endsWith(':itemref'))
    .flatMap(({ attributes }) => {
      const href = hrefs.get(attributes['idref'])?.split('#')[0];
      return href === undefined ? [] : [posix.normalize(posix.join(directory, decodedUri(href)))];
    });
}

type XmlElement = {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  text: string;
};

/** The elements of an XML file in order, each with the text right after its tag. */
function elementsIn(xml: string): readonly XmlElement[] {
  const elements: XmlElement[] = [];
  const parser = new Parser(
    {
      onopentag: (tag, attributes) => void elements.push({ tag, attributes, text: '' }),
      ontext: (text) => {
        const last = elements.at(-1);
        if (last !== undefined) last.text += text;
      },
    },
    { xmlMode: true },
  );
  parser.write(xml);
  parser.end();
  return elements;
}

function decodedUri(href: string): string {
  try {
    return decodeURIComponent(href);
  } catch {
    return href;
  }
}
