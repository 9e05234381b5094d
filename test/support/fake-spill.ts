import type { Spill, Unsaved } from '../../src/streams/unsaved-writes.ts';

/** Keeps what is spilled in memory, one entry a spilling. */
export class FakeSpill implements Spill {
  readonly kept: (readonly Unsaved[])[] = [];

  keep(unsaved: readonly Unsaved[]): void {
    this.kept.push([...unsaved]);
  }
}
