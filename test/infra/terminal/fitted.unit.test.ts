import { describe, expect, it } from 'vitest';
import { fitted } from '../../../src/infra/terminal/fitted.ts';

describe('text that a terminal shows', () => {
  it('breaks a line between words, under its own margin', () => {
    expect(fitted('one\n  two three four\nfive', { columns: 12 })).toBe('one\n  two three\n    four\nfive');
  });

  it('stays as it is where it fits, tables included', () => {
    const table = 'stage     done\nresearch  15';
    expect(fitted(table, { columns: 14 })).toBe(table);
  });

  it('keeps a word whole that is longer than the terminal is wide', () => {
    expect(fitted('see https://example.com/a now', { columns: 10 })).toBe(
      'see\n  https://example.com/a\n  now',
    );
  });

  it.each([{}, { columns: 0 }])('stays as it is where no terminal tells its width: %j', (stream) => {
    expect(fitted('one two three', stream)).toBe('one two three');
  });
});
