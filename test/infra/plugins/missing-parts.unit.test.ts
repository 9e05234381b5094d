import { describe, expect, it } from 'vitest';
import { missingPartsIn } from '../../../src/infra/plugins/missing-parts.ts';
import type { Recipes } from '../../../src/stages/lanes/recipe.ts';
import { recipes } from '../../support/stage/stage-fixtures.ts';

const own = recipes();
const lookingUp: Recipes = {
  ...own,
  research: {
    ...own.research,
    lookUp: {
      ...{ mode: 'tools', piecesInFront: 8, unanswerable: 'drop', tools: { search_documents: 'hash' } },
      bounds: { turns: 8, calls: 16, tokens: 1_000, characters: 1_000, seconds: 60 },
    },
  },
};

describe('what a process lacks of a lane that looks things up', () => {
  it('is told by one that opened its tools', () => {
    expect(missingPartsIn(lookingUp, []).get('research')).toContain('search_documents, which this process');
  });

  it('is not guessed by one that opened none, such as `status` and `doctor`', () => {
    expect(missingPartsIn(lookingUp)).toEqual(new Map());
  });
});
