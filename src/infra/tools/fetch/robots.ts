import robotsParser from 'robots-parser';
import { Failure } from '../../../streams/failure.ts';
import { orAborted } from '../../../streams/stop.ts';
import { refusedForGood } from '../refused-for-good.ts';
import { unavailable } from './fetch-failures.ts';
import { ROBOT_NAME, type SafeFetch } from './safe-fetch.ts';

const KEPT_MS = 24 * 60 * 60 * 1_000;
/** A site that could not be asked is asked again after a while. */
const UNKNOWN_KEPT_MS = 60_000;
/** https://www.rfc-editor.org/rfc/rfc9309#section-2.5 */
const MOST_BYTES = 512_000;
const MOST_MS = 15_000;
const MOST_SITES = 5_000;

type SiteRules = Readonly<{ isAllowed(url: string, robot: string): boolean | undefined }>;
type Say = 'anything' | 'unknown' | SiteRules;
type Rules = Readonly<{ untilMs: number; say: Promise<Say> }>;

/**
 * What sites let robots read, by their robots.txt (RFC 9309): what is not there forbids nothing, and where it cannot be had nothing is read
 * for now. Kept for a day.
 */
export class Robots {
  readonly #fetch: Pick<SafeFetch, 'get'>;
  readonly #now: () => number;
  readonly #sites = new Map<string, Rules>();

  constructor(fetch: Pick<SafeFetch, 'get'>, now: () => number = Date.now) {
    this.#fetch = fetch;
    this.#now = now;
  }

  /** Rejects with a Failure: `robots_refuse` (kind `content`) or `robots_unknown` (kind `transient`). */
  async assertMayRead(url: URL, signal: AbortSignal): Promise<void> {
    const say = await orAborted(this.#rulesOf(url.origin), signal, () => signal.reason);
    if (say === 'anything') return;
    if (say === 'unknown')
      throw unavailable('robots_unknown', `${url.host} does not say what robots may read: not now.`);
    if (say.isAllowed(url.href, ROBOT_NAME) === false)
      throw refusedForGood('robots_refuse', `${url.host} does not let robots read this page.`);
  }

  #rulesOf(origin: string): Promise<Say> {
    const now = this.#now();
    const known = this.#sites.get(origin);
    if (known !== undefined && known.untilMs > now) return known.say;
    const say = this.#ask(origin);
    const keep = (untilMs: number) => this.#sites.set(origin, { untilMs, say });
    keep(now + KEPT_MS);
    void say.then((said) => said === 'unknown' && keep(now + UNKNOWN_KEPT_MS));
    const [oldest] = this.#sites.keys();
    if (this.#sites.size > MOST_SITES && oldest !== undefined) this.#sites.delete(oldest);
    return say;
  }

  async #ask(origin: string): Promise<Say> {
    const url = `${origin}/robots.txt`;
    try {
      // All works that want the site wait for this one look: it ends by itself.
      const signal = AbortSignal.timeout(MOST_MS);
      const { bytes } = await this.#fetch.get(url, { signal, mostBytes: () => MOST_BYTES });
      return rulesOf(url, bytes.toString('utf8'));
    } catch (error) {
      return error instanceof Failure && error.kind === 'content' ? 'anything' : 'unknown';
    }
  }
}

function rulesOf(url: string, text: string): SiteRules | 'anything' {
  const parse: unknown = robotsParser;
  return isParser(parse) ? parse(url, text) : 'anything';
}

/** Its types say that the function is within what is imported, which it is not. */
function isParser(value: unknown): value is (url: string, text: string) => SiteRules {
  return typeof value === 'function';
}
