import { describe, expect, it } from 'vitest';
import { parseConfigText } from '../../../../src/infra/config/files/config-file.ts';

describe('a JSON settings file', () => {
  it('may have comments, a comma behind the last value and a byte order mark', () => {
    const text = `\ufeff// mine
{
  /* the server */ "baseUrl": "http://x/v1", // not "y"
  "topic": "a // b /* c */ ,}",
  "agents": { "review": { "temperature": 0, }, },
}`;
    expect(parseConfigText(text, '.json', 'mine.json')).toEqual({
      baseUrl: 'http://x/v1',
      topic: 'a // b /* c */ ,}',
      agents: { review: { temperature: 0 } },
    });
  });

  it.each([
    ['{\n // a\n "a": x, "key": "planted" }', 'it goes wrong in line 3'],
    ['{\n "key": "planted"\n "a": 1 }', 'it goes wrong in line 3, column 2'],
    ['{ "key": "planted"', 'it goes wrong in line 1, column 19'],
    ['planted', 'it goes wrong in line 1'],
    ['', 'it ends too early'],
  ])('%j is refused with where it goes wrong, and quoted nowhere', (text, where) => {
    const read = () => parseConfigText(text, '.json', 'mine.json');
    expect(read).toThrow(`Cannot read the configuration mine.json: ${where}`);
    expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining('planted') }));
  });
});

describe('a YAML settings file', () => {
  it.each(['a: 1\n"planted": "x', 'a: [planted', 'a: "planted" b', '\tplanted: 1'])(
    '%j is refused with where it goes wrong, and quoted nowhere',
    (text) => {
      const read = () => parseConfigText(text, '.yaml', 'mine.yaml');
      expect(read).toThrow(
        /^Cannot read the configuration mine\.yaml: it goes wrong in line \d+, column \d+/,
      );
      expect(read).toThrow(expect.objectContaining({ message: expect.not.stringContaining('planted') }));
    },
  );

  it('with an alias to nothing is refused, and quoted nowhere', () => {
    expect(() => parseConfigText('a: *planted', '.yaml', 'mine.yaml')).toThrow(
      'Cannot read the configuration mine.yaml: an alias in it goes nowhere, or too far.',
    );
  });

  it('is read', () => {
    expect(
      parseConfigText('topic: chemistry\nagents: { review: { temperature: 0 } }', '.yml', 'x.yml'),
    ).toEqual({
      topic: 'chemistry',
      agents: { review: { temperature: 0 } },
    });
  });
});
