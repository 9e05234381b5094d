import { describe, expect, it } from 'vitest';
import { parseConfigText } from '../../../src/infra/config/config-file.ts';

describe('a JSON settings file', () => {
  it('may have comments, a comma behind the last value and a byte order mark', () => {
    const text = `\ufeff// mine
{
  /* the server */ "baseUrl": "http://x/v1", // not "y"
  "topic": "a // b /* c */ ,}",
  "agents": { "review": { "temperature": 0, }, },
}`;
    expect(parseConfigText(text, '.json')).toEqual({
      baseUrl: 'http://x/v1',
      topic: 'a // b /* c */ ,}',
      agents: { review: { temperature: 0 } },
    });
  });

  it('is refused with what is wrong in it', () => {
    expect(() => parseConfigText('{\n // a\n "a": x }', '.json')).toThrow(/"a": x }/);
  });
});
