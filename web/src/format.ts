const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat('en');

/** 999, 12.3K, 4M. */
export function amount(value: number): string {
  return value < 10_000 ? whole.format(Math.round(value)) : compact.format(value);
}

/** `1 worker`, `2 workers`. */
export function howMany(value: number, one: string, many = `${one}s`): string {
  return `${amount(value)} ${value === 1 ? one : many}`;
}

/** What is said of something in one line, with dots between; what is empty is left out. */
export function dotted(...parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join(' · ');
}

/** US dollars, with as many digits as small sums need. */
export function money(usd: number): string {
  return `$${usd.toFixed(usd > 0 && usd < 1 ? 4 : 2)}`;
}

/** A share of 0 to 1; what is not quite all, or not quite nothing, does not look as if it were. */
export function percent(share: number): string {
  const rounded = Math.round(share * 100);
  if (share > 0 && rounded === 0) return '<1 %';
  if (share < 1 && rounded === 100) return '>99 %';
  return `${rounded} %`;
}

/** Milliseconds as people say them: 340 ms, 7.5 s, 3 min, 2 h. */
export function durationOfMs(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1_000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = seconds / 60;
  if (minutes < 60) return `${minutes.toFixed(minutes < 10 ? 1 : 0)} min`;
  const hours = minutes / 60;
  return hours < 48 ? `${hours.toFixed(1)} h` : `${(hours / 24).toFixed(1)} d`;
}

/** A moment, in the reader's own time zone. */
export function moment(iso: string): string {
  return new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

const STATUS_WORDS: Readonly<Record<string, string>> = {
  questions_added: 'added',
  dead_lettered: 'dead letter',
};

/** A status as people say it. */
export function words(status: string): string {
  return STATUS_WORDS[status] ?? status.replaceAll('_', ' ');
}
