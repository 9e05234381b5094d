import type { Block, ExtractedText } from './block.ts';

const HEADING = /^ {0,3}(#{1,6})[ \t]+(\S.*?)[ \t#]*$/;
const FENCE = /^ {0,3}(```+|~~~+)/;

/** Plain text as it is: its blocks stand between blank lines. */
export function plainText(text: string, name: string): ExtractedText {
  return { title: name, text, blocks: blocksOf(text, false).blocks, hasLines: true };
}

/** Markdown as it is: headings are blocks of their own, and code in fences is one block. Its first heading is its title. */
export function markdownText(text: string, name: string): ExtractedText {
  const { blocks, title } = blocksOf(text, true);
  return { title: title ?? name, text, blocks, hasLines: true };
}

function blocksOf(text: string, markdown: boolean): Readonly<{ blocks: Block[]; title: string | undefined }> {
  const blocks: Block[] = [];
  let title: string | undefined;
  let begin: number | undefined;
  let fence: string | undefined;
  let end = 0;
  const close = () => {
    if (begin !== undefined) blocks.push({ start: begin, end });
    begin = undefined;
  };
  for (const { line, start, stop } of linesOf(text)) {
    const mark = markdown ? FENCE.exec(line)?.[1] : undefined;
    const heading = markdown && fence === undefined ? HEADING.exec(line) : null;
    if (fence === undefined && line.trim() === '') close();
    else if (heading !== null) {
      close();
      blocks.push({ start, end: stop, level: heading[1]?.length ?? 1 });
      title ??= heading[2];
    } else {
      begin ??= start;
      end = stop;
    }
    if (mark !== undefined && fence === undefined) fence = mark.slice(0, 3);
    else if (mark?.startsWith(fence ?? ' ') === true) fence = undefined;
  }
  close();
  return { blocks, title };
}

function* linesOf(text: string): Generator<Readonly<{ line: string; start: number; stop: number }>> {
  let start = 0;
  while (start < text.length) {
    const at = text.indexOf('\n', start);
    const stop = at === -1 ? text.length : at;
    yield { line: text.slice(start, stop).replace(/\r$/, ''), start, stop };
    start = stop + 1;
  }
}
