import type { ExtractedText } from '../text/block.ts';
import { decoded, isBinary } from '../text/decode.ts';
import { markdownText, plainText } from '../text/plain-blocks.ts';
import { refusal } from './refusal.ts';

/** Who reads what needs no parser, by module. They throw a Failure of kind `poison` (`not_text`) for bytes that are no text. */
export const TEXT_READERS: Readonly<Record<string, (bytes: Uint8Array, name: string) => ExtractedText>> = {
  'millrace:markdown': (bytes, name) => markdownText(textOf(bytes, name), name),
  'millrace:text': (bytes, name) => plainText(textOf(bytes, name), name),
};

function textOf(bytes: Uint8Array, name: string): string {
  if (isBinary(bytes))
    throw refusal(
      'not_text',
      `${name}: holds NUL bytes, so it is no text. If it is UTF-16, save it as UTF-8, or with its byte order mark.`,
    );
  return decoded(bytes);
}
