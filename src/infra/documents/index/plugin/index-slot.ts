import { Slot } from '../../../../stages/registry/slot.ts';
import type { IndexProvider } from './index-provider.ts';

/** Where indexes of documents are registered. Ours is that of the engine, and searches where none is named. */
export const indexSlot = new Slot<IndexProvider>({
  noun: 'index',
  faultIn: (part) => {
    const { version, open } = Object(part);
    if (typeof version !== 'string' || version === '') return 'expected version, such as "1"';
    return typeof open === 'function'
      ? undefined
      : 'open: expected a function that gives put, remove and search';
  },
  own: [],
});
