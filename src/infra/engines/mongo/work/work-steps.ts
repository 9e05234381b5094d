import type { Collection, UpdateFilter } from 'mongodb';
import { jsonText, readStored } from '../../../../stages/store/table/read-stored.ts';
import { stepSchema } from '../../../../stages/store/table/schemas.ts';
import type { Step } from '../../../../streams/work/step.ts';
import type { HeldWork, WorkId } from '../../../../streams/work/work.ts';
import { boundedJson } from '../bounded-json.ts';
import type { WorkDocument } from '../documents.ts';
import { operation } from '../operation.ts';
import { spentIncrements } from './work-document.ts';

const stepText = jsonText(stepSchema);

/**
 * The steps of works, each in the document of its work: one write appends a step, proves the claim and adds what it cost, and who erases
 * a work erases them.
 */
export class WorkSteps {
  readonly #works: Collection<WorkDocument>;

  constructor(works: Collection<WorkDocument>) {
    this.#works = works;
  }

  of(workId: WorkId): Promise<readonly Step[]> {
    return operation('reading steps', async () => {
      const work = await this.#works.findOne({ _id: workId }, { projection: { steps: 1 } });
      return (work?.steps ?? []).map((text) => readStored(stepText, text));
    });
  }

  append({ workId, token }: HeldWork, step: Step): Promise<'stored' | 'lost'> {
    const { n, usage, costUsd, failed } = step;
    const mine = { _id: workId, token, state: 'claimed' as const };
    const next = { ...mine, stepCount: n === 0 ? { $exists: false } : n };
    const spent = spentIncrements([{ outcome: failed === true ? 'content' : 'ok', usage, costUsd }]);
    const update: UpdateFilter<WorkDocument> = {
      $push: { steps: boundedJson(step) },
      $set: { stepCount: n + 1 },
      $inc: spent,
    };
    return operation('keeping a step', async () => {
      const { matchedCount } = await this.#works.updateOne(next, update);
      if (matchedCount === 1) return 'stored';
      // Repeated after its reply was lost, it finds itself.
      const projection = { steps: { $slice: [n, 1] as [number, number] } };
      const existing = await this.#works.findOne({ ...mine, stepCount: { $gt: n } }, { projection });
      const known = existing?.steps?.map((text) => readStored(stepText, text)).at(0);
      return known?.key === step.key ? 'stored' : 'lost';
    });
  }

  async drop({ workId, token }: HeldWork): Promise<void> {
    await operation('erasing steps', () =>
      this.#works.updateOne({ _id: workId, token }, { $unset: { steps: true, stepCount: true } }),
    );
  }
}
