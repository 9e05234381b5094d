import type { z } from 'zod';
import type { settingsSchema } from './settings.ts';

/** Settings as people write them: what is left out has its default. */
export type Config = Readonly<Partial<z.input<typeof settingsSchema>>>;

/** The default export of `millrace.config.ts`; in a program, the options of `createPipeline` beside what is its own. */
export function defineConfig(config: Config): Config {
  return config;
}
