import type { FoundPiece, PieceFinder, Wanted } from '../../../stages/evidence/finder.ts';

/** Tells how long each search took. */
export class TimedFinder implements PieceFinder {
  readonly #finder: PieceFinder;
  /** Hears the seconds of each search that ended well. */
  onSearched: (seconds: number) => void = () => undefined;

  readonly read?: NonNullable<PieceFinder['read']>;

  constructor(finder: PieceFinder) {
    this.#finder = finder;
    if (finder.read !== undefined) this.read = finder.read.bind(finder);
  }

  async find(wanted: Wanted): Promise<readonly FoundPiece[]> {
    const startMs = performance.now();
    const found = await this.#finder.find(wanted);
    this.onSearched((performance.now() - startMs) / 1_000);
    return found;
  }
}
