import { words } from '../format.ts';

/** A status in its colour, and always in words as well. */
export function Badge({ status }: Readonly<{ status: string }>) {
  return <span class={`badge ${status}`}>{words(status)}</span>;
}
