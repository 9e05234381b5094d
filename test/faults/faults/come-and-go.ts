import type { Trial } from '../trial.ts';
import { type Fault, lasting } from './fault.ts';

/** Two more workers join, and leave before they have settled in. */
export class ComeAndGo implements Fault {
  readonly name = 'members join and leave';
  readonly #stayMs: number;

  constructor(stayMs: number) {
    this.#stayMs = stayMs;
  }

  async strike({ fleet }: Trial): Promise<void> {
    const guests = [fleet.start(), fleet.start()];
    await lasting(this.#stayMs);
    await Promise.all(guests.map((guest) => fleet.end(guest, 'SIGTERM')));
  }
}
