/** Where a text stands in a candidate: names and places in lists, from the root. */
export type FieldPath = readonly (string | number)[];
export type CandidateField = Readonly<{ path: FieldPath; label: string; text: string }>;

/** More than a person edits field by field. */
const MOST_FIELDS = 40;

const LABELS: Readonly<Record<string, string>> = {
  prompt: 'User',
  user: 'User',
  answer: 'Assistant',
  assistant: 'Assistant',
  reasoning: 'Reasoning, apart from the answer',
  chosen: 'Chosen answer, meant to be the better one',
  rejected: 'Rejected answer, meant to be the worse one',
};

/** The texts of a candidate one by one, in their order; `undefined` if it holds anything else than texts. */
export function fieldsOf(candidate: unknown): readonly CandidateField[] | undefined {
  const fields = [...leavesOf(candidate, [])];
  const texts = fields.flatMap(({ path, value }) =>
    typeof value === 'string' && path.length > 0 ? [{ path, label: labelOf(path), text: value }] : [],
  );
  return texts.length === fields.length && texts.length > 0 && texts.length <= MOST_FIELDS
    ? texts
    : undefined;
}

/** The candidate with the texts of its fields changed. */
export function withTexts(
  candidate: unknown,
  texts: ReadonlyMap<string, string>,
  path: FieldPath = [],
): unknown {
  if (Array.isArray(candidate))
    return candidate.map((each, index) => withTexts(each, texts, [...path, index]));
  if (typeof candidate === 'object' && candidate !== null)
    return Object.fromEntries(
      Object.entries(candidate).map(([name, each]) => [name, withTexts(each, texts, [...path, name])]),
    );
  return texts.get(keyOf(path)) ?? candidate;
}

/** Names a field: an issue of the server has the same path. */
export function keyOf(path: FieldPath): string {
  return path.join('.');
}

function* leavesOf(
  value: unknown,
  path: FieldPath,
): Generator<Readonly<{ path: FieldPath; value: unknown }>> {
  if (Array.isArray(value)) {
    for (const [index, each] of value.entries()) yield* leavesOf(each, [...path, index]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, each] of Object.entries(value)) yield* leavesOf(each, [...path, name]);
  } else {
    yield { path, value };
  }
}

function labelOf(path: FieldPath): string {
  const name = String(path.findLast((step) => typeof step === 'string') ?? '');
  const place = path.findLast((step) => typeof step === 'number');
  const label = LABELS[name] ?? name;
  return typeof place === 'number' ? `${label}, turn ${place + 1}` : label;
}
