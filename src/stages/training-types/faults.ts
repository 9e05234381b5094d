import { z } from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  record: 'keys with values',
  object: 'keys with values',
  array: 'a list',
  string: 'a text',
};

/** What is counted, where it is no number. */
const UNITS: Readonly<Record<string, string>> = { string: ' characters', array: ' of it' };

/** What is wrong in a definition or a candidate, in plain words; `undefined` where the rule itself says it. */
export function faultInWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type': {
      const expected = KINDS[issue.expected] ?? issue.expected;
      return issue.input === undefined ? `it is missing: expected ${expected}` : `expected ${expected}`;
    }
    case 'unrecognized_keys':
      return `there is no key ${issue.keys.join(', ')}`;
    case 'too_small':
      return `expected at least ${issue.minimum}${UNITS[issue.origin] ?? ''}`;
    case 'too_big':
      return `expected at most ${issue.maximum}${UNITS[issue.origin] ?? ''}`;
    case 'invalid_value':
      return `expected one of ${issue.values.join(', ')}`;
    case 'invalid_union':
      return [...new Set(issue.errors.map((issues) => faultsText({ issues })))].join(', or ') || undefined;
    default:
      return undefined;
  }
}

/** All of it in one line, each with where it stands. */
export function faultsText({ issues }: Pick<z.ZodError, 'issues'>): string {
  return issues
    .map(({ path, message }) => (path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`))
    .join('; ');
}
