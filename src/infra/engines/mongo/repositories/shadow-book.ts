import type { Filter } from 'mongodb';
import type { Lane } from '../../../../stages/lanes/lane.ts';
import type {
  DisagreementPage,
  DisagreementQuery,
  ShadowBook,
  ShadowCount,
  ShadowVerdict,
  Sided,
} from '../../../../stages/store/shadow-book.ts';
import { placeOf, placeText } from '../../../../stages/store/table/place.ts';
import { readStored } from '../../../../stages/store/table/read-stored.ts';
import type { LaneName, QuestionId } from '../../../../streams/work/work.ts';
import type { Collections } from '../collections.ts';
import { operation } from '../operation.ts';
import { questionKey } from '../work/question-documents.ts';
import type { ForgottenMarks } from './forgotten-marks.ts';
import { laneOf } from './lanes-and-runs.ts';
import {
  countDocument,
  documentOf,
  type ShadowVerdictDocument,
  shadowVerdictOf,
  sidedOf,
} from './shadow-documents.ts';
import { shadowCountsPipeline, sidedPipeline } from './shadow-pipelines.ts';

/** What shadow judges said, in one collection. */
export class MongoShadowBook implements ShadowBook {
  readonly #collections: Pick<Collections, 'shadowVerdicts' | 'lanes' | 'decisions'>;
  readonly #marks: ForgottenMarks;

  constructor(
    collections: Pick<Collections, 'shadowVerdicts' | 'lanes' | 'decisions'>,
    marks: ForgottenMarks,
  ) {
    this.#collections = collections;
    this.#marks = marks;
  }

  async keep(verdict: ShadowVerdict): Promise<void> {
    const { _id, ...rest } = documentOf(verdict);
    await operation('keeping what a shadow judge said', async () => {
      await this.#collections.shadowVerdicts.replaceOne({ _id }, rest, { upsert: true });
      await this.#marks.sweep([verdict.questionId]);
    });
  }

  async shadows(): Promise<readonly Lane[]> {
    const found = await operation('reading lanes', () =>
      this.#collections.lanes.find().sort({ _id: 1 }).toArray(),
    );
    return found.map(laneOf).filter(({ shadow }) => shadow === true);
  }

  async counts(shadow: string, sinceDay: string): Promise<readonly ShadowCount[]> {
    const rows = await operation('counting what a shadow judge said', () =>
      this.#collections.shadowVerdicts
        .aggregate(shadowCountsPipeline(shadow, sinceDay), { hint: 'counts' })
        .toArray(),
    );
    return rows.map((row) => {
      const { _id, ...counted } = readStored(countDocument, row);
      return { ..._id, ...counted };
    });
  }

  async disagreements({ shadow, from, limit }: DisagreementQuery): Promise<DisagreementPage> {
    const filter = { shadow, agrees: false, ...(from === undefined ? {} : before(from)) };
    const found = await operation('reading what a shadow judge said', () =>
      this.#collections.shadowVerdicts.find(filter).sort({ at: -1, _id: -1 }).limit(limit).toArray(),
    );
    const last = found.length < limit ? undefined : found.at(-1);
    const next = last === undefined ? undefined : placeText({ at: last.at, id: last._id });
    return { verdicts: found.map(shadowVerdictOf), next };
  }

  async verdictsOn(lane: LaneName, questionId: QuestionId): Promise<readonly ShadowVerdict[]> {
    const key = questionKey({ lane, questionId });
    const about = { _id: { $gte: `${key}/`, $lt: `${key}0` } };
    const found = await operation('reading what shadow judges said', () =>
      this.#collections.shadowVerdicts.find(about).sort({ revision: 1, shadow: 1 }).toArray(),
    );
    return found.map(shadowVerdictOf);
  }

  async sided(shadow: string): Promise<Sided> {
    const { shadowVerdicts, decisions } = this.#collections;
    const pipeline = sidedPipeline(shadow, decisions.collectionName, shadowVerdicts.collectionName);
    const rows = await operation('comparing with what people decided', () =>
      shadowVerdicts.aggregate(pipeline).toArray(),
    );
    return sidedOf(rows);
  }
}

function before(place: string): Filter<ShadowVerdictDocument> {
  const { at, id } = placeOf(place);
  return { $or: [{ at: { $lt: at } }, { at, _id: { $lt: id } }] };
}
