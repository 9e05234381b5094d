import { printableLines } from '../../infra/terminal/format.ts';
import type { AnyTrainingType } from '../../stages/training-types/training-type.ts';

/**
 * What code looks for in each answer of a type that is data, a paragraph: its patterns, which stand in no schema that a server is told, and what
 * it says under `verify`. Empty where there is nothing.
 */
export function checkedByCode({ definition }: Pick<AnyTrainingType, 'definition'>): readonly string[] {
  const checks: readonly unknown[] = [definition?.['verify'] ?? []].flat();
  const lines = [
    ...patternsIn(definition?.['candidate']).map(([place, pattern]) => `  ${place}: pattern ${pattern}`),
    ...checks.map(checkText),
  ];
  if (lines.length === 0) return [];
  const head = 'Checked by code in each answer (a simulated model makes up no text to fit):';
  return [printableLines([head, ...lines].join('\n'))];
}

function checkText(check: unknown): string {
  const { use, field, pattern, ...ranges } = Object(check);
  const said = Object.entries(ranges).map(([unit, range]) => `${String(range)} ${unit}`);
  return `  ${field}: ${use} ${pattern ?? said.join(', ')}`;
}

function patternsIn(schema: unknown, place = ''): readonly (readonly [place: string, pattern: string])[] {
  const { pattern, properties, items, anyOf, oneOf = anyOf } = Object(schema);
  const choices: readonly unknown[] = Array.isArray(oneOf) ? oneOf : [];
  return [
    ...(typeof pattern === 'string' ? [[place, pattern] as const] : []),
    ...Object.entries(Object(properties)).flatMap(([name, inner]) => patternsIn(inner, `${place}/${name}`)),
    ...(items === undefined ? [] : patternsIn(items, `${place}/*`)),
    ...choices.flatMap((choice) => patternsIn(choice, place)),
  ];
}
