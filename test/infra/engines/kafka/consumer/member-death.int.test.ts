import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type Child, startNode } from '../../../../support/process/child.ts';
import { describeOnKafka } from '../../../../support/servers/on-servers.ts';
import { until } from '../../../../support/until.ts';
import { isDone, numbered, openedTopic } from '../opened.ts';
import { Reader } from './member.ts';

const SCRIPT = join(import.meta.dirname, 'member-process.ts');
const COUNT = 2_000;

const settledBy = (child: Child) => child.stdout().split('\n').slice(0, -1);

await describeOnKafka('a member of a group', (bootstrap) => {
  it.for([
    { fate: 'killed', signal: 'SIGKILL' },
    { fate: 'frozen for longer than its session, and then continued', signal: 'SIGSTOP' },
  ] as const)('may be $fate: the other reads on, and nothing is lost', async ({ signal }) => {
    const { log, topic, group } = await openedTopic(bootstrap, 6);
    const child = startNode([SCRIPT, bootstrap, topic, group]);
    const reader = new Reader(log, { topic, group, credits: 10, commitIntervalMs: 20 }, true);
    await log.publish(topic, numbered(COUNT));
    await until('both take part', () => settledBy(child).length > 0 && reader.held.length > 0);
    child.kill(signal);
    reader.release();
    await until('the other has read all that was left', () => isDone(log, topic, group));
    child.kill('SIGCONT');
    await log.publish(topic, numbered(COUNT, COUNT));
    await until('all is committed', () => isDone(log, topic, group));
    const settled = new Set([...settledBy(child), ...reader.values]);
    expect(numbered(2 * COUNT).filter(({ key }) => !settled.has(key))).toEqual([]);
    expect(reader.failures).toEqual([]);
  });
});
