import { KafkaLog } from '../../../src/infra/engines/kafka/log.ts';
import { EmbeddedLog } from '../../../src/infra/engines/sqlite/log.ts';
import type { Log } from '../../../src/streams/log/log.ts';

/**
 * `node fail-point.ts TOPIC before|after ARGS…`: `millrace ARGS` in a process that kills itself with SIGKILL at the first
 * publish to the topic, just before it is written or as soon as it is durable.
 */
const [, , topic = '', moment = '', ...args] = process.argv;

function strikeIn(prototype: Log): void {
  const { publish } = prototype;
  prototype.publish = async function (this: Log, to, records) {
    const struck = to === topic && records.length > 0;
    if (struck && moment === 'before') process.kill(process.pid, 'SIGKILL');
    await publish.call(this, to, records);
    if (struck && moment === 'after') process.kill(process.pid, 'SIGKILL');
  };
}

for (const { prototype } of [EmbeddedLog, KafkaLog]) strikeIn(prototype);
process.argv = [...process.argv.slice(0, 2), ...args];
await import('../../../src/cli/main.ts');
