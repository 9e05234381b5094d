import type { Piece } from '../../src/stages/evidence/piece.ts';

export const OIL = `## Oil

The oil pressure at idle is 1.8 bar; below 1.2 bar the engine must be stopped at once.
Change the oil every 200 hours.`;

/** A piece of a handbook, as a search finds it. */
export function pieceOf(overrides: Partial<Piece> = {}): Piece {
  return {
    id: 'E1',
    kind: 'document',
    source: 'documents:manuals/oil.md',
    title: 'Engine',
    path: 'oil.md',
    start: 100,
    end: 100 + OIL.length,
    contentHash: 'c',
    at: '2026-01-01T00:00:00.000Z',
    locator: { line: 5, toLine: 8, heading: 'Engine > Oil' },
    text: OIL,
    ...overrides,
  };
}
