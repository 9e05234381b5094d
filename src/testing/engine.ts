// The suites that our own engines pass. They are tests of vitest: `vitest` and `fast-check` have to be installed beside them.
export { describeEngine } from './engine-suite.ts';
export type { OpenedLog } from './log/rig.ts';
export { describeLogAdmin, type OpenedAdmin } from './log-admin-suite.ts';
export { describeLog } from './log-suite.ts';
export type { OpenedStore } from './store/fixtures.ts';
export { describeStore } from './store-suite.ts';
export { describeTables, type OpenedTables } from './tables-suite.ts';
