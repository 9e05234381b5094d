const SLOTS = 60;

/** How much was used in the last while, exact to a sixtieth of it. Constant in memory and in time per step. */
export class UsageWindow {
  readonly #slotMs: number;
  readonly #slots = new Float64Array(SLOTS);
  #slot = 0;
  #sum = 0;

  constructor(windowMs: number) {
    this.#slotMs = windowMs / SLOTS;
  }

  add(nowMs: number, amount: number): void {
    this.#moveTo(nowMs);
    const index = this.#slot % SLOTS;
    this.#slots[index] = (this.#slots[index] ?? 0) + amount;
    this.#sum += amount;
  }

  sum(nowMs: number): number {
    this.#moveTo(nowMs);
    return Math.max(0, this.#sum);
  }

  #moveTo(nowMs: number): void {
    const slot = Math.floor(nowMs / this.#slotMs);
    if (slot - this.#slot >= SLOTS) {
      this.#slots.fill(0);
      this.#sum = 0;
      this.#slot = slot;
    }
    while (this.#slot < slot) {
      this.#slot += 1;
      this.#sum -= this.#slots[this.#slot % SLOTS] ?? 0;
      this.#slots[this.#slot % SLOTS] = 0;
    }
  }
}
