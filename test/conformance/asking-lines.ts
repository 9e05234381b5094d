import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE = join(import.meta.dirname, '../../src/stages/store/repositories');
const ASKS = /\btables\.(get|page|count|tally|write)\(/;

/** Hears from which lines of the repositories tables are asked. */
export class AskingLines {
  readonly #reached = new Set<string>();

  /** The same tables, listened to. */
  watched<T extends object>(tables: T): T {
    return new Proxy(tables, {
      get: (target, name) => {
        const sites = (new Error().stack ?? '').matchAll(/repositories\/([\w/-]+\.ts:\d+)/g);
        for (const [, site = ''] of sites) this.#reached.add(site);
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  /** Lines that ask and were never heard. */
  unreached(): readonly string[] {
    const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' });
    return files
      .filter((name) => name.endsWith('.ts'))
      .flatMap((file) => {
        const lines = readFileSync(join(SOURCE, file), 'utf8').split('\n');
        const asking = lines.flatMap((line, index) => (ASKS.test(line) ? [`${file}:${index + 1}`] : []));
        return asking.filter((site) => !this.#reached.has(site));
      });
  }
}
