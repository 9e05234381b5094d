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
        this.hear();
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  /** Tables are being asked, by whoever stands on the stack. */
  hear(): void {
    const sites = (new Error().stack ?? '').matchAll(/repositories\/([\w/-]+\.ts:\d+)/g);
    for (const [, site = ''] of sites) this.#reached.add(site);
  }

  /** Lines that ask and were never heard. */
  unreached(): readonly string[] {
    const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' });
    return files
      .filter((name) => name.endsWith('.ts'))
      .flatMap((file) => {
        const lines = readFileSync(join(SOURCE, file), 'utf8').split('\n');
        return lines.flatMap((line, index) => {
          const site = `${file}:${index + 1}`;
          return ASKS.test(line) && !this.#reached.has(site) ? [`${site} ${line.trim()}`] : [];
        });
      });
  }
}
