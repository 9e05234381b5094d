import { pdfFile as textOfPdf } from '../../src/infra/documents/extract/pdf.ts';
import { chunksOf } from '../../src/infra/documents/text/chunks.ts';
import { pdfFile } from '../../test/support/documents/pdf-file.ts';
import type { BenchCase } from '../bench-case.ts';
import { corpus } from '../support/corpus.ts';
import { timed } from '../support/manuals.ts';

const PAGES = 200;
const LINES_A_PAGE = 45;
const WORDS_A_LINE = 12;
const RUNS = 5;

/** The text of a PDF, in this process: what its child takes to start does not count. The first run is left out, which compiles. */
export const pdf: BenchCase = {
  name: 'pdf',
  title: `(v) a PDF of ${PAGES} pages becomes chunks`,
  minutes: 0.1,
  async run(say) {
    say(`writing ${PAGES} pages`);
    const texts = corpus();
    const page = () => [
      { lines: Array.from({ length: LINES_A_PAGE }, () => texts.words(WORDS_A_LINE).slice(0, 90)) },
    ];
    const bytes = await pdfFile(Array.from({ length: PAGES }, page));
    const runs: number[] = [];
    for (let run = 0; run <= RUNS; run += 1) {
      say(`reading, ${run} of ${RUNS}`);
      const { made, cpuSeconds } = await timed(async () => chunksOf(await textOfPdf(bytes.slice(), 'a.pdf')));
      if (made.length < PAGES) throw new Error(`${made.length} chunks of ${PAGES} pages`);
      if (run > 0) runs.push(PAGES / cpuSeconds);
    }
    const value = runs.toSorted((one, other) => one - other)[Math.floor(RUNS / 2)] ?? Number.NaN;
    return [{ name: 'pages of PDF read per CPU second', unit: '/s', value, runs, target: { least: 200 } }];
  },
};
