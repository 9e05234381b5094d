import type { z } from 'zod';
import { readShadow } from '../../../src/features/judges/read-shadows.ts';
import { settingsSchema } from '../../../src/infra/config/settings.ts';
import { openEngine } from '../../../src/infra/engines/open-engine.ts';
import { MAIN_LANE } from '../../../src/stages/lanes/lane.ts';
import { startLlm } from '../../support/llm/scripted-llm-process.ts';
import { tempDir } from '../../support/temp-dir.ts';

export type Given = z.input<typeof settingsSchema>;

/** A live judge at one server, and shadow judges at another. */
export async function opened(shadows: Given['shadows'] = {}) {
  const [live, other] = [await startLlm(), await startLlm({ reject: { revisions: 9 } })];
  const judges = Object.fromEntries(
    Object.entries(shadows).map(([name, judge]) => [name, { baseUrl: other.url, ...judge }]),
  );
  const settings = { data: await tempDir(), baseUrl: live.url, shadows: judges };
  return { live, other, settings };
}

/** What the shadow has said so far, and how many questions wait for a person. */
export async function reportOf(settings: Given, name: string) {
  const parsed = settingsSchema.parse(settings);
  const engine = await openEngine({ settings: parsed, namespace: 'millrace', mode: 'read' });
  try {
    const report = await readShadow({ ...engine, namespace: 'millrace' }, name, 30);
    return { report, waiting: await engine.store.reviewQueue.waiting(MAIN_LANE) };
  } finally {
    await engine.close();
  }
}

/** Has Ann decide about the one question that was asked, and tells what the desk had of it. */

export async function engineOf(settings: Given) {
  return openEngine({ settings: settingsSchema.parse(settings), namespace: 'millrace', mode: 'append' });
}
