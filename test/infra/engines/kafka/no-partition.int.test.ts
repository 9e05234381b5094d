import { expect, it } from 'vitest';
import { Alarms } from '../../../../src/streams/alarms.ts';
import { describeOnKafka } from '../../../support/servers/on-servers.ts';
import { until } from '../../../support/until.ts';
import { Member } from './consumer/member.ts';
import { openedTopic } from './opened.ts';

await describeOnKafka('a group with more members than partitions', (bootstrap) => {
  it('has one that says that it stands by, once, until it is needed', async () => {
    const alarms = new Alarms();
    const told: string[] = [];
    alarms.changes.subscribe(({ kind, alarm }) => told.push(`${kind} ${alarm.kind}`));
    const { log, topic, group } = await openedTopic(bootstrap, 1, { alarms });
    const members = [new Member(log, topic, group), new Member(log, topic, group)] as const;
    for (const { consumer } of members) await consumer.start();
    const alarm = await until('it says so', () => alarms.open[0]);
    expect(alarm.text).toContain('members of the group 2, partitions of the topic 1');
    const [needed, spare] = members[0].owned.length === 1 ? members : [members[1], members[0]];
    await needed.consumer.stop();
    await until('the spare one takes over', () => spare.owned.length === 1);
    await until('it is over', () => alarms.open.length === 0);
    expect(told).toEqual(['raised no_partition', 'cleared no_partition']);
  });
});
