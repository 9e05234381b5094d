import { expect, it, vi } from 'vitest';
import { AdminConnection } from '../../../../src/infra/engines/kafka/admin-connection.ts';

const fakeAdmin = () => ({ connect: vi.fn(async () => undefined), disconnect: vi.fn(async () => undefined) });

it('disconnects after a question that failed, so that the process can end', async () => {
  const admin = fakeAdmin();
  const connection = new AdminConnection(admin);
  await expect(connection.ask('asking', () => Promise.reject(new Error('no')))).rejects.toMatchObject({
    message: 'Kafka: asking failed: no',
  });
  await connection.close();
  expect(admin.disconnect).toHaveBeenCalledOnce();
});

it('connects once for all that goes well, and anew after a failure', async () => {
  const admin = fakeAdmin();
  const connection = new AdminConnection(admin);
  expect(await connection.ask('asking', async () => 1)).toBe(1);
  expect(await connection.ask('asking', async () => 2)).toBe(2);
  expect(admin.connect).toHaveBeenCalledOnce();
  await connection.ask('asking', () => Promise.reject(new Error('no'))).catch(() => undefined);
  await connection.ask('asking', async () => 3);
  expect(admin.connect).toHaveBeenCalledTimes(2);
});

it.each(['GROUP_LOAD_IN_PROGRESS', 'GROUP_COORDINATOR_NOT_AVAILABLE', 'NOT_COORDINATOR_FOR_GROUP'])(
  'asks again while the coordinator of a group is not ready: %s',
  async (type) => {
    const connection = new AdminConnection(fakeAdmin());
    const ask = vi
      .fn(async () => 'known')
      .mockRejectedValueOnce(Object.assign(new Error('not yet'), { type }));
    expect(await connection.ask('asking', ask)).toBe('known');
    expect(ask).toHaveBeenCalledTimes(2);
  },
);

it('leaves an admin alone that was never asked', async () => {
  const admin = fakeAdmin();
  await new AdminConnection(admin).close();
  expect(admin.disconnect).not.toHaveBeenCalled();
});

it('connects no more once it is closed, so that no socket is left behind', async () => {
  const admin = fakeAdmin();
  const connection = new AdminConnection(admin);
  await connection.ask('asking', async () => 1);
  await connection.close();
  const late = connection.ask('asking', async () => 2);
  await expect(late).rejects.toMatchObject({ kind: 'fatal', code: 'closed' });
  expect(admin.connect).toHaveBeenCalledOnce();
});
