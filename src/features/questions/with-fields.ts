import { type LaneRepository, MAIN_LANE } from '../../stages/lanes/lane.ts';
import {
  fieldsNamedIn,
  lifted,
  type NamedFields,
  NO_FIELDS,
} from '../../stages/question-parts/named-fields.ts';
import type { Asked, Supply } from './question-record.ts';

/** The names of the asker's own values that the prompts of the lane use in which new questions are worked. */
export async function fieldsOfMain(lanes: Pick<LaneRepository, 'get'>): Promise<NamedFields> {
  const main = await lanes.get(MAIN_LANE);
  return main === undefined ? NO_FIELDS : fieldsNamedIn(main.recipes);
}

/** What is asked, with the asker's own values as fields of the question where prompts name them. To be said before its id is told. */
export function withFields<Each extends Asked>(asked: Each, named: NamedFields): Each {
  const question = lifted(asked.question, asked.metadata, named);
  return question === asked.question ? asked : { ...asked, question };
}

/** The same of all that is asked. */
export async function* eachWithFields(asked: Supply<Asked>, named: NamedFields): AsyncGenerator<Asked> {
  for await (const each of asked) yield withFields(each, named);
}
