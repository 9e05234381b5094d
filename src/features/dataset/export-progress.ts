/** How far a dataset is written. */
export type ExportProgress = Readonly<{
  out: string;
  written: number;
  /** How many there will be at most; `undefined` where nobody has counted them. */
  of: number | undefined;
}>;

const TELL_MS = 200;

/** The rows, of which `tell` hears a few times a second how many have passed. */
export async function* counted<Row>(
  rows: AsyncIterable<Row>,
  tell: (written: number) => void,
): AsyncGenerator<Row> {
  let written = 0;
  let toldAtMs = performance.now();
  for await (const row of rows) {
    yield row;
    written += 1;
    if (performance.now() - toldAtMs < TELL_MS) continue;
    toldAtMs = performance.now();
    tell(written);
  }
}
