import { describe, expect, it } from 'vitest';
import { registerTypes, registerTypesOf } from '../../../src/infra/plugins/load-types.ts';
import { exportLine, exportLines } from '../../../src/stages/formats/index.ts';
import { formerTypesOf } from '../../../src/stages/lanes/former-types.ts';
import type { Lane } from '../../../src/stages/lanes/lane.ts';
import { recipes } from '../../support/stage/stage-fixtures.ts';
import { exampleOf } from './fixtures.ts';

/** A card with these fields, all of them asked for. */
function cardOf(name: string, fields: readonly string[], more: object = {}) {
  const properties = Object.fromEntries(fields.map((field) => [field, { type: 'string' }]));
  return {
    ...{ name, instructions: 'Write.', candidate: { type: 'object', properties, required: fields } },
    messages: [{ user: '{{front}}' }, { assistant: '{{back}}' }],
    ...more,
  };
}

const entry = (definition: object) => ({
  userTurn: 'verbatim' as const,
  instructions: 'Write.',
  definition: { ...definition },
});

function laneOf(name: string, definition: object): Pick<Lane, 'recipes' | 'formerTypes'> {
  return { recipes: { ...recipes(), types: { [name]: entry(definition) } } };
}

const old = { front: 'F', back: 'B' };
const lineOf = (name: string, format: string, candidate: object = old) => {
  const line = exportLine(exampleOf(name, { candidate }), format);
  return line.kind === 'line' ? line.value : line.reason;
};

describe('an example of a type that has changed since', () => {
  it('is read by the definition of its lane where it does not fit the registered one', async () => {
    const name = 'grown-card';
    await registerTypes([cardOf(name, ['front', 'back', 'hint'])]);
    registerTypesOf(laneOf(name, cardOf(name, ['front', 'back'], { columns: { Front: '/front' } })));
    expect(lineOf(name, 'columns')).toEqual({ Front: 'F' });
    expect(lineOf(name, 'openai')).toMatchObject({ messages: [{ content: 'F' }, { content: 'B' }] });
    expect(lineOf(name, 'columns', { ...old, hint: 'H' })).toEqual({ ...old, hint: 'H' });
  });

  it('is written in the new words where it fits the new definition', async () => {
    const name = 'reworded-card';
    await registerTypes([cardOf(name, ['front', 'back'], { columns: { Question: '/front' } })]);
    registerTypesOf(laneOf(name, cardOf(name, ['front', 'back'], { columns: { Front: '/front' } })));
    expect(lineOf(name, 'columns')).toEqual({ Question: 'F' });
  });

  it('keeps what was sent back, each read by what it fits', async () => {
    const name = 'sent-back-card';
    await registerTypes([cardOf(name, ['front', 'back', 'hint'])]);
    registerTypesOf(laneOf(name, cardOf(name, ['front', 'back'])));
    const example = exampleOf(name, { candidate: { ...old, hint: 'H' } });
    const lines = exportLines(example, 'kto', { sentBack: [{ front: 'F', back: 'worse' }] });
    expect(lines.map(({ kind }) => kind)).toEqual(['line', 'line']);
  });

  it('says that the type has changed, and what helps, where no definition fits it', async () => {
    const name = 'lost-card';
    await registerTypes([cardOf(name, ['front', 'back', 'hint'])]);
    const reason =
      'the type lost-card has changed since, and no definition of it here fits (hint: it is missing: expected a text): put the old one back, or write these anew with run --redo generation';
    expect(lineOf(name, 'columns')).toBe(reason);
    expect(lineOf(name, 'openai')).toBe(reason);
  });

  it('is read though a definition of its lane is refused today', async () => {
    const name = 'typo-card';
    await registerTypes([cardOf(name, ['front', 'back'])]);
    registerTypesOf(laneOf(name, cardOf(name, ['front', 'back'], { columns: { Front: '/frond' } })));
    expect(lineOf(name, 'columns')).toEqual(old);
  });
});

describe('the definitions that a lane went by', () => {
  const before = laneOf('card', cardOf('card', ['front', 'back']));
  const { recipes: grown } = laneOf('card', cardOf('card', ['front', 'back', 'hint']));

  it('stay with it where another asks for another candidate, or none does any more', () => {
    const definition = before.recipes.types?.['card']?.definition;
    expect(formerTypesOf(before, grown)).toEqual([definition]);
    expect(formerTypesOf(before, recipes())).toEqual([definition]);
  });

  it('are none where only words have changed, or the old one is back', () => {
    const { recipes: reworded } = laneOf(
      'card',
      cardOf('card', ['front', 'back'], { columns: { F: '/front' } }),
    );
    expect(formerTypesOf(before, reworded)).toBeUndefined();
    const formerTypes = formerTypesOf(before, grown);
    const back = formerTypesOf({ recipes: grown, formerTypes }, before.recipes);
    expect(back).toEqual([grown.types?.['card']?.definition]);
  });

  it('of a type that is registered nowhere are registered', () => {
    const [name, other] = ['gone-card', cardOf('gone-card', ['front', 'back'])];
    registerTypesOf({ recipes: recipes(), formerTypes: [other] });
    expect(lineOf(name, 'columns')).toEqual(old);
  });
});
