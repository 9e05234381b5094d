import { z } from 'zod';
import type { LaneName, QuestionId } from '../../../streams/work/work.ts';
import type { Lane } from '../../lanes/lane.ts';
import { questionKey } from '../question-key.ts';
import {
  type AgreementWithPeople,
  type DisagreementPage,
  type DisagreementQuery,
  passesSchema,
  type ShadowCount,
  type ShadowRepository,
  type ShadowVerdict,
  shadowVerdictSchema,
} from '../shadow-repository.ts';
import { nextPlace, pagePlaceOf } from '../table/place.ts';
import { jsonText, readStored } from '../table/read-stored.ts';
import { put, type Tables, tableOf } from '../table/table.ts';
import { agreementWithPeople } from './agreement-with-people.ts';
import type { Lanes } from './lanes.ts';

/** What shadow judges said, by `lane/questionId/shadow/revision`: all of a question in one range. */
export const SHADOW_VERDICTS = tableOf('shadow_verdicts', {
  ...{ id: 'text', shadow: 'text', lane: 'text', questionId: 'text', revision: 'number', live: 'text' },
  ...{ verdict: 'text', agrees: 'flag', difference: 'number', day: 'text', at: 'text', said: 'text' },
});

const saidRow = z.object({ said: jsonText(shadowVerdictSchema) });
const countRow = z
  .object({
    day: z.string(),
    live: passesSchema,
    verdict: passesSchema,
    count: z.number(),
    difference: z.number(),
  })
  .transform(({ difference, ...row }): ShadowCount => ({ ...row, scoreDifference: difference }));

/** What shadow judges said. */
export class ShadowVerdicts implements ShadowRepository {
  readonly #tables: Tables;
  readonly #lanes: Lanes;

  constructor(tables: Tables, lanes: Lanes) {
    this.#tables = tables;
    this.#lanes = lanes;
  }

  async keep(said: ShadowVerdict): Promise<void> {
    const { shadow, lane, questionId, revision, live, verdict, at } = said;
    const row = {
      ...{ id: idOf(said), shadow, lane, questionId, revision, live, verdict, at },
      ...{ agrees: live === verdict, difference: said.score - said.liveScore, day: at.slice(0, 10) },
      said: JSON.stringify(said),
    };
    await this.#tables.write([put(SHADOW_VERDICTS, row)], [questionId]);
  }

  async shadows(): Promise<readonly Lane[]> {
    return (await this.#lanes.list()).filter(({ shadow }) => shadow === true);
  }

  async counts(shadow: string, sinceDay: string): Promise<readonly ShadowCount[]> {
    const rows = await this.#tables.tally(SHADOW_VERDICTS, countedSince(shadow, sinceDay));
    const nameOf = ({ day, live, verdict }: ShadowCount) => `${day} ${live} ${verdict}`;
    const counts = rows.map((row) => readStored(countRow, row));
    return counts.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  }

  async disagreements({ shadow, from, limit }: DisagreementQuery): Promise<DisagreementPage> {
    const place = from === undefined ? undefined : pagePlaceOf(from);
    const rows = await this.#tables.page(SHADOW_VERDICTS, {
      where: { shadow, agrees: false },
      order: ['at', 'id'],
      reverse: true,
      after: place && [place.at, place.id],
      limit,
    });
    const verdicts = rows.map(verdictOf);
    return { verdicts, next: nextPlace(verdicts, limit, (last) => ({ at: last.at, id: idOf(last) })) };
  }

  agreementWithPeople(shadow: string): Promise<AgreementWithPeople> {
    return agreementWithPeople(this.#tables, shadow);
  }

  async verdictsOn(lane: LaneName, questionId: QuestionId): Promise<readonly ShadowVerdict[]> {
    const where = { id: { startsWith: `${questionKey({ lane, questionId })}/` } };
    return (await this.#tables.page(SHADOW_VERDICTS, { where, order: ['revision', 'shadow'] })).map(
      verdictOf,
    );
  }
}

/** Read from an index alone. */
export function countedSince(shadow: string, sinceDay: string) {
  const where = { shadow, day: { gte: sinceDay } };
  return { where, by: ['day', 'live', 'verdict'], sums: ['difference'] } as const;
}

function idOf(verdict: ShadowVerdict): string {
  return `${questionKey(verdict)}/${verdict.shadow}/${verdict.revision}`;
}

function verdictOf(row: unknown): ShadowVerdict {
  return readStored(saidRow, row).said;
}
