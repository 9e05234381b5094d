import type { ShadowSource } from './http/shadow-source.ts';
import { questionText, type TextPorts } from './question-text.ts';
import { readShadow, readShadows, type ShadowPorts } from './read-shadows.ts';

type SourcePorts = ShadowPorts & Readonly<{ store: TextPorts }>;

/** What the API tells of shadow judges, from a log and a store. */
export function shadowSource(ports: SourcePorts): ShadowSource {
  return {
    reports: () => readShadows(ports),
    report: (name, days) => readShadow(ports, name, days),
    textOf: (lane, questionId) => questionText(ports.store, lane, questionId),
    shadows: ports.store.shadows,
  };
}
