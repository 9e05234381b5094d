import { describe, expect, it } from 'vitest';
import { pageKind } from '../../../../src/infra/tools/page/page-kind.ts';

const kindOf = (type: string, bytes: string) => () => pageKind(type, Buffer.from(bytes, 'latin1'));

describe('what a page is', () => {
  it.each([
    ['text/html', '<p>Hello', 'page'],
    ['application/xhtml+xml', '<?xml', 'page'],
    ['application/pdf', '%PDF-1.7', 'pdf'],
    ['application/octet-stream', '%PDF-1.7', 'pdf'],
    ['', '<!doctype html>', 'page'],
    ['', '<!-- hi --><HTML>', 'page'],
    ['', 'plain words', 'text'],
    ['text/plain', 'words', 'text'],
    ['text/markdown', '# Words', 'text'],
    ['application/ld+json', '{}', 'text'],
  ])('is what its server and its first bytes say: %s, %s', (type, bytes, kind) => {
    expect(kindOf(type, bytes)()).toBe(kind);
  });

  it.each([
    ['image/png', '\x89PNG'],
    ['video/mp4', ''],
    ['application/zip', 'PK'],
    ['text/css', 'a{}'],
    ['application/pdf', 'no PDF'],
    ['text/html', 'MZ\0\0'],
    ['', 'PK\x03\x04\0\0'],
  ])('is nothing that is read where they do not agree, or nobody reads it: %s', (type, bytes) => {
    expect(kindOf(type, bytes)).toThrow(expect.objectContaining({ kind: 'content', code: 'wrong_type' }));
  });
});
