import { describe, expect, it, onTestFinished } from 'vitest';
import { registerPlugin } from '../../../../src/infra/plugins/register.ts';
import { mayBe, pageKind } from '../../../../src/infra/tools/page/page-kind.ts';

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

it('a page of a kind that an extractor of a plugin reads is read by it', () => {
  const slides = {
    ...{ name: 'slides', version: '1', types: [] },
    ...{ contentTypes: ['application/x-slides'], module: 'millrace:text' },
  };
  expect(() => mayBe('application/x-slides')).toThrow(/pages are HTML, PDF or text/);
  const { undo } = registerPlugin({ name: '@me/slides', version: '1.0.0', extractors: [slides] });
  onTestFinished(undo);
  expect(pageKind('application/x-slides', Buffer.from('a\0b'))).toBe(slides);
});
