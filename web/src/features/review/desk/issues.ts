import type { Issue } from '../../../../../src/features/review/candidate-issues.ts';
import { ApiError } from '../../../api.ts';
import { type FieldPath, keyOf } from './candidate-fields.ts';

/** The issues of a refused edit; one about all of it where the server names none. */
export function issuesOf(error: Error): readonly Issue[] {
  const found = error instanceof ApiError ? error.problem['issues'] : undefined;
  const issues = Array.isArray(found) ? found.flatMap((each) => (isIssue(each) ? [each] : [])) : [];
  return issues.length > 0 ? issues : [{ path: [], message: error.message }];
}

export function issuesAt(issues: readonly Issue[], path: FieldPath): readonly Issue[] {
  return issues.filter((issue) => keyOf(issue.path) === keyOf(path));
}

/** Those that stand at none of the fields. */
export function otherIssues(issues: readonly Issue[], paths: readonly FieldPath[]): readonly Issue[] {
  const keys = new Set(paths.map(keyOf));
  return issues.filter(({ path }) => !keys.has(keyOf(path)));
}

function isIssue(value: unknown): value is Issue {
  if (typeof value !== 'object' || value === null || !('path' in value) || !('message' in value))
    return false;
  return Array.isArray(value.path) && typeof value.message === 'string';
}
