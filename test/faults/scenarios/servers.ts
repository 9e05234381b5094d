import { expect } from 'vitest';
import type { Cluster } from '../../support/servers/cluster.ts';
import { BadLink } from '../faults/bad-link.ts';
import { FreezeNode, KillNode } from '../faults/bad-server.ts';
import { CutReplies } from '../faults/cut-replies.ts';
import { StartBeforeServer, StartTogether, StopWhileStarting } from '../faults/start-up.ts';
import type { Row } from '../table.ts';
import { BOTH, DISTRIBUTED, HASTY, type Scenario } from './scenario.ts';

const unharmed = ({ dead, repeated }: Row) => expect({ dead, repeated }).toEqual({ dead: 0, repeated: 0 });

function present<T>(found: T | undefined): T {
  if (found === undefined) throw new Error('this scenario needs servers of its own');
  return found;
}

function anyNode({ nodes }: Cluster, seed = 0) {
  return async () => seed % nodes;
}

/** What may happen to Kafka and MongoDB. */
export const serverScenarios: readonly Scenario[] = [
  {
    name: 'mongod down for 30 s',
    engines: DISTRIBUTED,
    questions: 80,
    faults: ({ mongo }) => [new KillNode('mongod killed', present(mongo), 30_000)],
    expects: unharmed,
  },
  {
    name: 'mongod stopped (SIGSTOP) for 30 s',
    engines: DISTRIBUTED,
    questions: 80,
    faults: ({ mongo }) => [new FreezeNode('mongod stopped', present(mongo), 30_000)],
    expects: unharmed,
  },
  {
    name: 'slow, resetting and silent way to MongoDB',
    engines: DISTRIBUTED,
    questions: 80,
    pace: 8,
    faults: () => [
      new BadLink('mongo', 'latency', 5_000),
      new BadLink('mongo', 'reset', 0),
      new BadLink('mongo', 'black hole', 30_000),
    ],
    expects: unharmed,
  },
  {
    name: 'replies of MongoDB lost after the write',
    engines: DISTRIBUTED,
    questions: 80,
    pace: 6,
    faults: () => [new CutReplies('insert', 6), new CutReplies('update', 12)],
    expects: unharmed,
  },
  {
    name: 'broker killed and down for 60 s',
    engines: DISTRIBUTED,
    questions: 80,
    faults: ({ kafka }) => [new KillNode('broker killed', present(kafka), 60_000)],
    expects: unharmed,
  },
  {
    name: 'slow, resetting and silent way to Kafka',
    engines: DISTRIBUTED,
    questions: 80,
    pace: 8,
    faults: () => [
      new BadLink('kafka', 'latency', 5_000),
      new BadLink('kafka', 'reset', 0),
      new BadLink('kafka', 'black hole', 20_000),
    ],
    expects: unharmed,
  },
  {
    name: 'starters at once, SIGTERM during the start',
    engines: BOTH,
    bare: true,
    startsIdle: true,
    questions: 30,
    faults: () => [new StartTogether(), new StopWhileStarting()],
    expects: unharmed,
  },
  {
    name: 'workers start before MongoDB, before Kafka',
    engines: DISTRIBUTED,
    questions: 60,
    faults: ({ kafka, mongo }) => [
      new StartBeforeServer('no MongoDB yet', present(mongo), 8_000),
      new StartBeforeServer('no Kafka yet', present(kafka), 8_000),
    ],
    expects: unharmed,
  },
  {
    name: 'a leader of three brokers killed',
    engines: DISTRIBUTED,
    wide: true,
    questions: 60,
    faults: ({ kafka }) =>
      [0, 1].map(
        (node) => new KillNode('leader killed', present(kafka), 5_000, anyNode(present(kafka), node)),
      ),
    expects: unharmed,
  },
  {
    name: 'the primary of three members killed',
    engines: DISTRIBUTED,
    wide: true,
    questions: 60,
    env: HASTY,
    faults: ({ mongo }) => [
      new KillNode('primary killed', present(mongo), 5_000, () => present(mongo).primary()),
      new KillNode('primary killed', present(mongo), 5_000, () => present(mongo).primary()),
    ],
    expects: unharmed,
  },
];
