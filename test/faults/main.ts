import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';
import type { EngineName } from './engines/engine.ts';
import type { Row } from './table.ts';
import { tableOf } from './table.ts';

const USAGE = `usage: npm run test:faults -- [--only PATTERN] [--engine embedded|kafka+mongo] [--minutes N] [--seed N]

Plays every fault on both engines, then storms of random ones for so many minutes each (default: 5), one of them while
questions are looked up, and prints a table.`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    engine: { type: 'string', default: '' },
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const { only, minutes, seed } = values;
  const faultSuite = {
    only,
    engine: engineNamed(values.engine),
    minutes: Number(minutes),
    seed: Number(seed),
  };
  console.log(`Seed ${seed}.`);
  const vitest = await startVitest('test', [], {
    config: false,
    watch: false,
    include: ['test/faults/*.faults.ts'],
    // Builds the command that is killed.
    globalSetup: ['test/support/servers/vitest-setup.ts'],
    hookTimeout: 120_000,
    reporters: ['verbose'],
    provide: { faultSuite },
  });
  const rows = vitest.state.getTestModules().flatMap((module) =>
    [...module.children.allTests()].flatMap((test): readonly Row[] => {
      const { row } = test.meta();
      return row === undefined ? [] : [row];
    }),
  );
  console.log(`\n${tableOf(rows)}\n\nSeed ${seed}.`);
  await vitest.close();
}

function engineNamed(name: string): EngineName | '' {
  if (name !== '' && name !== 'embedded' && name !== 'kafka+mongo') throw new Error(USAGE);
  return name;
}

if (values.help) console.log(USAGE);
else await main();
