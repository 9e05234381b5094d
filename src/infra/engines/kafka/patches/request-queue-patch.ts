import { replaceMethod } from './kafkajs-method.ts';

/**
 * Each connection of kafkajs looks for waiting requests every millisecond, for ever, also when there are none (kafkajs
 * #1704): 7 % of a core with five idle consumers. Nothing needs it: whatever starts to wait sets a timer itself.
 */
export function patchRequestQueue(): void {
  replaceMethod('network/requestQueue', 'scheduleCheckPendingRequests', (original) => {
    return function (this, ...args) {
      const pending: unknown = Reflect.get(this, 'pending');
      return Array.isArray(pending) && pending.length === 0 ? undefined : original.apply(this, [...args]);
    };
  });
}
