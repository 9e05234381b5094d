import { dataset } from './dataset.ts';
import type { Golden } from './golden.ts';
import { help } from './help.ts';
import { mongoSpecs } from './mongo-specs.ts';
import { openapi } from './openapi.ts';
import { sqliteSchema } from './sqlite-schema.ts';
import { topicsAndGroups } from './topics-and-groups.ts';

/** `docs/configuration.md` and `docs/metrics.md` are made from the source too, and have their tests beside it. */
export const goldens: readonly Golden[] = [help, openapi, sqliteSchema, mongoSpecs, topicsAndGroups, dataset];
