import type { Collection } from 'mongodb';
import { z } from 'zod';
import { STAGE_NAMES, type StageName } from '../../../../stages/stage-names.ts';
import type { Pause, PauseBook } from '../../../../stages/store/pause-book.ts';
import { readStored } from '../../../../stages/store/table/read-stored.ts';
import type { PauseDocument } from '../documents.ts';
import { insertNew } from '../insert-new.ts';
import { operation } from '../operation.ts';

const document = z.object({ _id: z.enum(STAGE_NAMES), since: z.string() });

export class MongoPauseBook implements PauseBook {
  readonly #pauses: Collection<PauseDocument>;

  constructor(pauses: Collection<PauseDocument>) {
    this.#pauses = pauses;
  }

  async pause(stage: StageName): Promise<void> {
    const pause = { _id: stage, since: new Date().toISOString() };
    await operation('pausing a stage', () => insertNew(this.#pauses, [pause]));
  }

  async resume(stage: StageName): Promise<void> {
    await operation('resuming a stage', () => this.#pauses.deleteOne({ _id: stage }));
  }

  async list(): Promise<readonly Pause[]> {
    const found = await operation('reading which stages are paused', () =>
      this.#pauses.find().sort({ _id: 1 }).toArray(),
    );
    return found.map((each) => {
      const { _id: stage, since } = readStored(document, each);
      return { stage, since };
    });
  }
}
