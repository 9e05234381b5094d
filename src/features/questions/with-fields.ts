import { type LaneRepository, MAIN_LANE } from '../../stages/lanes/lane.ts';
import { fieldsNamedIn, lifted } from '../../stages/question-parts/lifted.ts';
import type { Asked } from './question-record.ts';

/** The names of the asker's own values that the prompts of the lane use in which new questions are worked. */
export async function fieldsOfMain(lanes: Pick<LaneRepository, 'get'>): Promise<readonly string[]> {
  const main = await lanes.get(MAIN_LANE);
  return main === undefined ? [] : fieldsNamedIn(main.recipes);
}

/** What is asked, with the asker's own values as fields of the question where prompts name them. To be said before its id is told. */
export function withFields<Each extends Asked>(asked: Each, names: readonly string[]): Each {
  const question = lifted(asked.question, asked.metadata, names);
  return question === asked.question ? asked : { ...asked, question };
}

/** The same of all that is asked. */
export async function* eachWithFields(
  asked: AsyncIterable<Asked>,
  names: readonly string[],
): AsyncGenerator<Asked> {
  for await (const each of asked) yield withFields(each, names);
}
