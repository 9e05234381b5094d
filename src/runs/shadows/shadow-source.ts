import type { ShadowSource } from '../../infra/http/shadows/shadow-source.ts';
import { readShadow, readShadows, type ShadowPorts } from './read-shadows.ts';

/** What the API tells of shadow judges, from a log and a store. */
export function shadowSource(ports: ShadowPorts): ShadowSource {
  return {
    reports: () => readShadows(ports),
    report: (name, days) => readShadow(ports, name, days),
    book: ports.store.shadows,
  };
}
