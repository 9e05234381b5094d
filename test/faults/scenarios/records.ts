import { expect } from 'vitest';
import { ConsoleQuestions, ForeignQuestions, Garbage } from '../faults/foreign-records.ts';
import { AddPartitions, ForgetOffsets, TrimTopics } from '../faults/lost-positions.ts';
import { Reprocess, Republish } from '../faults/replay.ts';
import type { Row } from '../table.ts';
import { BOTH, DISTRIBUTED, type Scenario } from './scenario.ts';

const noRepeats = ({ repeated }: Row) => expect(repeated, 'calls made again').toBe(0);

/** What may happen to topics, their records and their positions. */
export const recordScenarios: readonly Scenario[] = [
  {
    name: 'garbage on every topic',
    engines: BOTH,
    questions: 40,
    faults: () => [new Garbage()],
    expects: (row) => {
      noRepeats(row);
      // Five topics, three each, and a question that is too long.
      expect(row.dead).toBe(16);
    },
  },
  {
    name: 'committed offsets deleted',
    engines: BOTH,
    questions: 60,
    faults: () => [new ForgetOffsets(), new ForgetOffsets()],
    expects: noRepeats,
  },
  {
    name: 'committed records and offsets deleted',
    engines: DISTRIBUTED,
    questions: 60,
    faults: () => [new TrimTopics()],
    expects: noRepeats,
  },
  {
    name: 'partitions from 6 to 9 while at work',
    engines: DISTRIBUTED,
    questions: 80,
    faults: () => [new AddPartitions(9)],
    expects: noRepeats,
  },
  {
    name: 'replay: republished, and reviewed anew',
    engines: BOTH,
    questions: 30,
    faults: () => [new Republish(), new Reprocess()],
    expects: noRepeats,
  },
  {
    name: 'questions of other clients',
    engines: BOTH,
    questions: 20,
    faults: ({ servers }) => [
      new ForeignQuestions(),
      ...(servers === undefined ? [] : [new ConsoleQuestions(servers.kafka)]),
    ],
    expects: noRepeats,
  },
];
