import { shadowGroupOf, shadowLaneOf } from '../../src/stages/judges/shadow-name.ts';
import { pipelineTopics } from '../../src/stages/pipeline.ts';
import { groupOf, stageNames, topicsOf } from '../../src/stages/stage-names.ts';
import { asJson, type Golden, oneFile } from './golden.ts';

const NAMESPACE = 'millrace';

/** Names on the log, which lanes that are at work go on with. */
export const topicsAndGroups: Golden = {
  name: 'topics-and-groups',
  make: async () => {
    const readers = [...stageNames(), 'verdicts'] as const;
    const names = {
      made: pipelineTopics(NAMESPACE, 6),
      topics: topicsOf(NAMESPACE),
      groups: Object.fromEntries(readers.map((reader) => [reader, groupOf(NAMESPACE, reader)])),
      shadowJudge: { lane: shadowLaneOf('strict'), group: shadowGroupOf(NAMESPACE, 'strict') },
    };
    return oneFile('names.json', asJson(names));
  },
};
