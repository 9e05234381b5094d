import type { Check } from './check.ts';
import { dataDirectory } from './data-directory.ts';
import { embeddedDatabase } from './embedded-database.ts';
import { journals } from './journals.ts';
import { kafka } from './kafka.ts';
import { lookUps } from './look-ups.ts';
import { modelServer } from './model-server.ts';
import { mongo } from './mongo.ts';
import { nodeVersion } from './node-version.ts';
import { parts } from './parts.ts';
import { prices } from './prices.ts';
import { questions } from './questions.ts';
import { sources } from './sources.ts';

/** Everything that `millrace doctor` looks at. */
export const CHECKS: readonly Check[] = [
  nodeVersion,
  dataDirectory,
  embeddedDatabase,
  journals,
  sources,
  lookUps,
  kafka,
  mongo,
  questions,
  parts,
  modelServer,
  prices,
];
