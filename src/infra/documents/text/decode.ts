const UTF16_MARKS = [
  { mark: [0xff, 0xfe], encoding: 'utf-16le' },
  { mark: [0xfe, 0xff], encoding: 'utf-16be' },
] as const;

/** Whether bytes stand there that no text has. */
export function isBinary(bytes: Uint8Array): boolean {
  return encodingMarked(bytes) === undefined && bytes.includes(0);
}

/** The text of a file: by its byte order mark, else as UTF-8, else as Windows-1252. Line ends become those of Unix. */
export function decoded(bytes: Uint8Array): string {
  return withMark(bytes).replace(/\r\n?/g, '\n').replaceAll('\u0000', '\ufffd');
}

function withMark(bytes: Uint8Array): string {
  const encoding = encodingMarked(bytes);
  if (encoding !== undefined) return new TextDecoder(encoding).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

function encodingMarked(bytes: Uint8Array): string | undefined {
  return UTF16_MARKS.find(({ mark }) => mark.every((byte, index) => bytes[index] === byte))?.encoding;
}
