import { describeTables } from '../../../../src/testing/tables-suite.ts';
import { MemoryTables } from './tables.ts';

describeTables('memory', async () => {
  const forgotten = new Set<string>();
  return {
    tables: new MemoryTables((id) => forgotten.has(id)),
    forget: async (ids) => {
      for (const id of ids) forgotten.add(id);
    },
    close: async () => undefined,
  };
});
