import { randomUUID } from 'node:crypto';
import { stageNames, topicOf, topicsOf } from '../../../src/stages/stage-names.ts';
import { kafkaTool } from '../../support/servers/kafka/kafka-jars.ts';
import type { Trial } from '../trial.ts';
import type { Fault } from './fault.ts';

/** A question as any client may put it in. */
function foreignQuestion(text = `Why does ${randomUUID()} differ from its neighbours?`): string {
  const question = { text, context: '', topic: 'physics', subTopic: '', trainingType: 'sft' };
  return JSON.stringify({ v: 1, question });
}

/**
 * Records that no stage can read, on every stage's topic: each becomes a dead letter, and blocks nobody. One without a
 * value is a tombstone, and is passed over.
 */
export class Garbage implements Fault {
  readonly name = 'garbage on every topic';

  async strike({ engine }: Trial): Promise<void> {
    const topics = topicsOf(engine.namespace);
    const garbage = [
      '{"broken',
      '{"v":1,"question":"of the wrong shape"}',
      null,
      Buffer.from([0xff, 0xfe, 0x00]),
    ];
    for (const stage of stageNames()) await engine.append(topicOf(engine.namespace, stage), garbage);
    await engine.append(topics.questions, [foreignQuestion('x'.repeat(2_000_000))]);
  }
}

/** Questions that another client puts in, without a key. */
export class ForeignQuestions implements Fault {
  readonly name = 'questions of another client';

  async strike(trial: Trial): Promise<void> {
    const questions = [foreignQuestion(), foreignQuestion(), foreignQuestion()];
    trial.expectStrangers(questions.length);
    await trial.engine.append(topicsOf(trial.engine.namespace).questions, questions);
  }
}

/** Questions by Kafka's own console producer. */
export class ConsoleQuestions implements Fault {
  readonly name = "questions of Kafka's console producer";
  readonly #bootstrap: string;

  constructor(bootstrap: string) {
    this.#bootstrap = bootstrap;
  }

  async strike(trial: Trial): Promise<void> {
    const topic = topicsOf(trial.engine.namespace).questions;
    trial.expectStrangers(2);
    await kafkaTool(
      'org.apache.kafka.tools.ConsoleProducer',
      ['--bootstrap-server', this.#bootstrap, '--topic', topic],
      `${foreignQuestion()}\n${foreignQuestion()}\n`,
    );
  }
}
