import { z } from 'zod';

const KINDS: Readonly<Record<string, string>> = {
  record: 'keys with values',
  object: 'keys with values',
  array: 'a list',
  string: 'a text',
};

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
      return `expected at least ${issue.minimum} of it`;
    case 'too_big':
      return `expected at most ${issue.maximum} of it`;
    case 'invalid_value':
      return `expected one of ${issue.values.join(', ')}`;
    default:
      return undefined;
  }
}

/** All of it in one line, each with where it stands. */
export function faultsText({ issues }: z.ZodError): string {
  return issues
    .map(({ path, message }) => (path.length === 0 ? message : `${z.core.toDotPath(path)}: ${message}`))
    .join('; ');
}
