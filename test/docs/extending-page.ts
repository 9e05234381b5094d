import { readFileSync } from 'node:fs';

const page = readFileSync(new URL('../../docs/extending.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```$/gm)].map(([, kind, name, text]) => ({
  ...{ kind, name: name ?? '', text: text ?? '' },
}));

/** The files of the page, by their names. */
export const extendingFiles = blocks.filter(({ name }) => name !== '');

/** What the page has typed, without `millrace`. */
export const extendingSessions = blocks
  .filter(({ kind }) => kind === 'console')
  .flatMap(({ text }) => text.split('\n'))
  .filter((line) => line.startsWith('$ millrace '))
  .map((line) => line.replace('$ millrace ', ''));
