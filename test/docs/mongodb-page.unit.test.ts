import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { COLLECTION_SPECS } from '../../src/infra/engines/mongo/collection-specs.ts';

const page = readFileSync(new URL('../../docs/mongodb.md', import.meta.url), 'utf8');

/** The cells of each row of the table below a heading; an empty first cell is that of the row before. */
function rowsOf(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [table = ''] = section.split('\n## ');
  const rows = table.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
  let first = '';
  return rows.slice(1).map((row) => {
    const [name = '', ...rest] = row.split('|').slice(1, -1);
    first = name.trim() === '' ? first : name;
    return [first, ...rest];
  });
}

const namesIn = (cell = '') => Array.from(cell.matchAll(/`(\w+)`/g), ([, name = '']) => name);

it('docs/mongodb.md lists the collections that are made, and no other', () => {
  const listed = rowsOf('Collections').flatMap(([names]) => namesIn(names));
  expect(listed.toSorted()).toEqual(Object.keys(COLLECTION_SPECS).toSorted());
});

it('docs/mongodb.md lists the indexes of each collection, and no other', () => {
  const listed = rowsOf('Indexes').flatMap(([collections, name]) =>
    namesIn(collections).flatMap((collection) => namesIn(name).map((each) => `${collection}.${each}`)),
  );
  const made = Object.entries(COLLECTION_SPECS).flatMap(([collection, { indexes }]) =>
    indexes.map(({ name }) => `${collection}.${name}`),
  );
  expect(listed.toSorted()).toEqual(made.toSorted());
});
