import { groupOf, stageNames, topicOf, topicsOf } from '../../../src/stages/stage-names.ts';
import type { Trial } from '../trial.ts';
import type { Fault } from './fault.ts';

/** The committed offsets of every stage are deleted while no worker is at work: everything is read again. */
export class ForgetOffsets implements Fault {
  readonly name = 'committed offsets deleted';

  async strike(trial: Trial): Promise<void> {
    await trial.fleet.endAll();
    await trial.engine.forgetOffsets();
    await trial.startWorkers();
  }
}

/** What is committed is deleted from every topic, and the commits with it. */
export class TrimTopics implements Fault {
  readonly name = 'committed records deleted';

  async strike(trial: Trial): Promise<void> {
    const { fleet, engine } = trial;
    const { admin, namespace } = engine;
    if (admin === undefined) throw new Error('the embedded engine keeps its records');
    await fleet.endAll();
    for (const stage of stageNames()) {
      const topic = topicOf(namespace, stage);
      const [found] = await admin.fetchOffsets({ groupId: groupOf(namespace, stage), topics: [topic] });
      // kafkajs deletes only in a topic that it was asked about before.
      await admin.fetchTopicOffsets(topic);
      const partitions = (found?.partitions ?? []).filter(({ offset }) => Number(offset) > 0);
      if (partitions.length > 0) await admin.deleteTopicRecords({ topic, partitions });
    }
    await engine.forgetOffsets();
    await trial.startWorkers();
  }
}

/** Every topic has more partitions from now on. */
export class AddPartitions implements Fault {
  readonly name = 'partitions added';
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  async strike({ engine }: Trial): Promise<void> {
    if (engine.admin === undefined) throw new Error('the embedded engine has one partition');
    const topics = topicsOf(engine.namespace);
    await engine.admin.createPartitions({
      topicPartitions: Object.values(topics).map((topic) => ({ topic, count: this.#count })),
    });
  }
}
