import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/** Those that take a minute and more, most of it waiting for brokers, databases and killed processes; the longest first. */
const LONG: readonly string[] = [
  'test/e2e/distributed/workers.e2e.test.ts',
  'test/e2e/distributed/kill-steps.e2e.test.ts',
  'test/e2e/distributed/shadow.e2e.test.ts',
  'test/e2e/faults/half-done-stores.e2e.test.ts',
  'test/e2e/faults/kill.e2e.test.ts',
  'test/e2e/faults/fail-points.e2e.test.ts',
  'test/e2e/package.e2e.test.ts',
  'test/infra/engines/mongo/store.int.test.ts',
  'test/infra/engines/mongo/outages.int.test.ts',
  'test/e2e/distributed/spill.e2e.test.ts',
  'test/infra/engines/kafka/broker-death.int.test.ts',
  'test/features/dataset/http/versions.int.test.ts',
  'test/e2e/http/openapi.e2e.test.ts',
  'test/e2e/forget.e2e.test.ts',
  'test/e2e/http/page-judges.e2e.test.ts',
  'test/e2e/http/page.e2e.test.ts',
  'test/e2e/distributed/arrivals.e2e.test.ts',
  'test/features/upkeep/losses.int.test.ts',
  'test/features/upkeep/rewrite-ledger.int.test.ts',
  'test/features/upkeep/gc.int.test.ts',
  'test/e2e/distributed/replay.e2e.test.ts',
];
const LEVELS = ['.e2e.', '.int.', '.unit.'];

/** Long files first, then by level: so the workers end together, and no long file is left to one of them at the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => rankOf(a.moduleId) - rankOf(b.moduleId));
  }
}

function rankOf(path: string): number {
  const long = LONG.findIndex((each) => path.endsWith(each));
  return long >= 0 ? long : LONG.length + LEVELS.findIndex((level) => path.includes(level));
}
