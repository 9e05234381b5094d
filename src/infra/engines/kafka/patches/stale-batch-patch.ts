import { replaceMethod } from './kafkajs-method.ts';

/**
 * With several brokers, one fetch may be on its way while another one makes the member join its group again (a leader
 * moved, partitions were added). kafkajs then hands its records over as if they belonged to the new assignment and
 * moves the new position past them, beyond records that nobody has seen. They are dropped here and fetched again.
 */
export function patchStaleBatches(): void {
  replaceMethod('consumer/consumerGroup', 'fetch', (original) => {
    return async function (this, ...args) {
      // Made anew at each join, so it stands for the assignment.
      const before: unknown = Reflect.get(this, 'offsetManager');
      const batches = await original.apply(this, [...args]);
      return Reflect.get(this, 'offsetManager') === before ? batches : [];
    };
  });
}
