import { wrapped } from '../src/infra/terminal/format.ts';

const ROWS = 'examples/rows.jsonl';
type Row = Readonly<{ messages: readonly Readonly<{ role: string; content: string }>[] }>;

/**
 * What a row holds when a real model writes it, for people who have seen simulated ones only; at most 80 columns wide.
 * @param line the first of the rows that are kept as examples.
 */
export function shownRow(line: string): string {
  const { messages }: Row = JSON.parse(line);
  const said = messages.flatMap(({ role, content }) => [`  ${role}`, ...wrapped(content, '    ')]);
  return [
    'What a row of a real model looks like (an example that was written for this',
    `page, by no run; more of them: ${ROWS}):`,
    ...said,
  ].join('\n');
}
