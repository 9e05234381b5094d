import { describeTables } from '../../../../src/testing/tables-suite.ts';
import { MemoryTables } from './tables.ts';

describeTables('memory', async () => {
  const tables = new MemoryTables();
  return {
    tables,
    forget: async (ids) => {
      for (const id of ids) tables.rows('forgotten').set(id, { id });
    },
    close: async () => undefined,
  };
});
