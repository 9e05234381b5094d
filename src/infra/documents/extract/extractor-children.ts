import type { ExtractedText } from '../text/block.ts';
import { ExtractorChild, type ExtractorLimits } from './extractor-child.ts';

/** Processes that read files, started with their first file: one for our parsers, and one for each module that a plugin brought. To be closed. */
export class ExtractorChildren {
  readonly #limits: ExtractorLimits;
  readonly #children = new Map<string, ExtractorChild>();

  constructor(limits: ExtractorLimits = {}) {
    this.#limits = limits;
  }

  /**
   * Throws as `ExtractorChild.extract`.
   *
   * @param module that reads the file: `millrace:pdf`, or the URL of that of an extractor.
   */
  extract(module: URL | string, bytes: Uint8Array, name: string): Promise<ExtractedText> {
    const url = String(module);
    const brought = url.startsWith('millrace:') ? undefined : url;
    const key = brought ?? '';
    const child = this.#children.get(key) ?? new ExtractorChild({ ...this.#limits, module: brought });
    this.#children.set(key, child);
    return child.extract(url, bytes, name);
  }

  close(): void {
    for (const child of this.#children.values()) child.close();
  }
}
