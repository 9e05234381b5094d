import { readFileSync } from 'node:fs';

const page = readFileSync(new URL('../../docs/extending.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/^```(\w+) ?(\S*)\n([\s\S]*?)^```$/gm)].map(([, kind, name, text]) => ({
  ...{ kind, name: name ?? '', text: text ?? '' },
}));

/** The files of the page, by their names. */
export const extendingFiles = blocks.filter(({ name }) => name !== '');

/** What the page has typed, without `millrace`, and the variables before it. */
export const extendingSessions = blocks
  .filter(({ kind }) => kind === 'console')
  .flatMap(({ text }) => text.split('\n'))
  .flatMap((line) => {
    const [, variables = '', command] = /^\$ ((?:\w+=\S+ )*)millrace (.*)$/.exec(line) ?? [];
    const env = Object.fromEntries(
      variables
        .trim()
        .split(' ')
        .filter(Boolean)
        .map((each) => each.split('=')),
    );
    return command === undefined ? [] : [{ command, env }];
  });
