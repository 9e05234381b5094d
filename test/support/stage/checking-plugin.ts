import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A plugin with the stage `fact-check`, as a file: `FACTS=fail` has it refuse, `FACTS=wait` wait for ever. */
const CHECKING = `
import { z } from '${import.meta.resolve('zod')}';
import { definePlugin, defineStage } from 'millrace';
const factCheck = defineStage({
  name: 'fact-check',
  after: 'generation',
  status: 'checked',
  asksModel: true,
  result: z.object({ wrong: z.array(z.string()), score: z.int().min(1).max(10) }),
  prompt: 'Name each false claim in {{candidate}}, an answer to {{question}}.',
  decide: (message, { wrong }, next) =>
    process.env.FACTS === 'fail' ? next.fail('the list of facts is away') : next.emit({ wrong }),
});
const waiting = defineStage({
  name: 'fact-check',
  after: 'generation',
  status: 'checked',
  asksModel: false,
  result: z.object({ wrong: z.array(z.string()) }),
  work: () => new Promise(() => setInterval(() => undefined, 1_000)),
  decide: (message, result, next) => next.emit(result),
});
export default definePlugin({
  name: '@me/checking', version: '1.0.0', stages: [process.env.FACTS === 'wait' ? waiting : factCheck],
});
`;

/** Writes the plugin and the settings that name it: `checking.yaml`. */
export async function writeChecking(directory: string): Promise<void> {
  await writeFile(join(directory, 'checking.ts'), CHECKING);
  await writeFile(join(directory, 'checking.yaml'), 'plugins: [./checking.ts]\n');
}
