const MOST = 512;
const MOST_CHARACTERS = 1_048_576;
const LONGEST = 16_384;

type Recent = Readonly<{ packed: Uint8Array; text: string }>;

/**
 * Texts that were packed a moment ago, by their place: who reads one back at once need not unpack it. Holds a bounded number of
 * them, and each until it is taken.
 */
export class RecentTexts {
  readonly #texts = new Map<bigint, Recent>();
  #characters = 0;

  keep(place: bigint, packed: Uint8Array, text: string): void {
    if (text.length > LONGEST) return;
    this.#drop(place);
    this.#texts.set(place, { packed, text });
    this.#characters += text.length;
    for (const oldest of this.#texts.keys()) {
      if (this.#texts.size <= MOST && this.#characters <= MOST_CHARACTERS) return;
      this.#drop(oldest);
    }
  }

  /** The text of what stands there now; `undefined` where it is not known, or other bytes stand there by now. */
  take(place: bigint, packed: Uint8Array): string | undefined {
    const recent = this.#drop(place);
    return recent !== undefined && Buffer.compare(recent.packed, packed) === 0 ? recent.text : undefined;
  }

  #drop(place: bigint): Recent | undefined {
    const recent = this.#texts.get(place);
    if (recent === undefined) return undefined;
    this.#texts.delete(place);
    this.#characters -= recent.text.length;
    return recent;
  }
}
