import { spawnSync } from 'node:child_process';
import { deflateSync } from 'node:zlib';
import { Document, HeadingLevel, Packer, Paragraph } from 'docx';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { childBounds } from '../../../../src/infra/documents/extract/child-bounds.ts';
import { ExtractorChild } from '../../../../src/infra/documents/extract/extractor-child.ts';
import { Extractors } from '../../../../src/infra/documents/extract/extractors.ts';
import { chunksOf } from '../../../../src/infra/documents/text/chunks.ts';
import { foldedWords } from '../../../../src/infra/documents/text/words.ts';
import { fold } from '../../../../src/stages/evidence/fold.ts';
import { pdfFile } from '../../../support/documents/pdf-file.ts';
import { zipFile } from '../../../support/documents/zip-file.ts';
import { failureOf } from '../../../support/failure-of.ts';

const MIB = 1_024 * 1_024;

const PAGE_TREE = '<< /Type /Pages /Kids [3 0 R] /Count 1 >>';
const FONT = '/Type /Font /Subtype /Type1 /BaseFont /Helvetica';

/** What a font has that draws letters as one. */
const LIGATURES = '/Encoding << /Type /Encoding /Differences [1 /fi /f_f_i] >>';

/** A PDF by hand: this page tree, one page, and its content as it is written. @param letters what codes of the font stand for. */
function rawPdf(content: Buffer, { tree = PAGE_TREE, filter = '', letters = '' } = {}): Buffer {
  const font = letters === '' ? FONT : `${FONT} ${LIGATURES} /ToUnicode 5 0 R`;
  const fonts = `<< /Font << /F << ${font} >> >> >>`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    tree,
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 600] /Resources ${fonts} /Contents 4 0 R >>`,
  ].map((object, index) => Buffer.from(`${index + 1} 0 obj\n${object}\nendobj\n`));
  const head = `4 0 obj\n<< /Length ${content.length} ${filter} >>\nstream\n`;
  return Buffer.concat([
    ...[Buffer.from('%PDF-1.4\n'), ...objects, Buffer.from(head), content],
    Buffer.from(`\nendstream\nendobj\n5 0 obj\n<< /Length ${letters.length} >>\nstream\n${letters}`),
    Buffer.from('\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n'),
  ]);
}

/** A PDF of one page whose content inflates to so many bytes. */
function flateBomb(bytes: number): Buffer {
  return rawPdf(deflateSync(Buffer.alloc(bytes, '0 0 m ')), { filter: '/Filter /FlateDecode' });
}

const ONE_LINE = Buffer.from('BT /F 12 Tf 10 100 Td (The oil pressure is 1.8 bar.) Tj ET');

const extractors = new Extractors();
afterAll(() => extractors.close());

const chunksIn = async (path: string, bytes: Uint8Array) =>
  chunksOf(await extractors.extract({ path, file: path }, bytes));
const refusalOf = async (path: string, bytes: Uint8Array) =>
  (await failureOf(() => extractors.extract({ path, file: path }, bytes))).message;

describe('a file of text', () => {
  it('with NUL bytes is none, unless a mark says that it is UTF-16', async () => {
    for (const name of ['x.txt', 'x.md'])
      expect(await refusalOf(name, Buffer.from('The oil\u0000\u0001 pressure.'))).toBe(
        `${name}: holds NUL bytes, so it is no text. If it is UTF-16, save it as UTF-8, or with its byte order mark.`,
      );
    const marked = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('The oil pressure.', 'utf16le')]);
    expect(await chunksIn('x.txt', marked)).toMatchObject([{ text: 'The oil pressure.' }]);
  });
});

describe('a PDF', () => {
  it('becomes paragraphs under headings, words joined that a line end broke, without running heads', async () => {
    const page = (word: string) => [
      {
        heading: `About ${word}`,
        lines: [`The ${word} pressure at idle is 1.8 bar; below 1.2 bar the lubri-`, 'cation fails.'],
      },
      { lines: [`Change the ${word} every 200 hours.`] },
    ];
    const bytes = await pdfFile([page('oil'), page('water'), page('fuel')], { head: 'Corvid Manual' });
    const text = await extractors.extract({ path: 'corvid.pdf', file: '' }, bytes);
    expect(text.text).toContain('below 1.2 bar the lubrication fails.\n\nChange the oil');
    expect(text.text).not.toContain('Corvid Manual');
    const chunks = chunksOf(text);
    expect(chunks.map(({ heading, page: at }) => [heading, at])).toEqual([
      ['About oil', 1],
      ['About water', 2],
      ['About fuel', 3],
    ]);
  });

  it.each([
    ['that is a page of itself', '<< /Type /Pages /Kids [2 0 R] /Count 1 >>', /circular/],
    ['without a page', '<< /Type /Pages /Kids [] /Count 0 >>', /^x\.pdf: has no pages\.$/],
  ])('whose tree of pages is one %s is refused with words', async (_what, tree, words) => {
    expect(await refusalOf('x.pdf', rawPdf(ONE_LINE, { tree }))).toMatch(words);
  });

  it('that claims a billion pages is read as far as it has some', async () => {
    const tree = '<< /Type /Pages /Kids [3 0 R] /Count 1000000000 >>';
    expect(await chunksIn('x.pdf', rawPdf(ONE_LINE, { tree }))).toMatchObject([
      { text: 'The oil pressure is 1.8 bar.', page: 1 },
    ]);
  });

  it('in two columns is read down the first, and then down the second', async () => {
    const column = (x: number, name: string) =>
      [1, 2, 3].map((n) => `1 0 0 1 ${x} ${400 - 14 * n} Tm (Line ${n} of the ${name} column,) Tj`).join(' ');
    const content = Buffer.from(`BT /F 11 Tf ${column(40, 'left')} ${column(320, 'right')} ET`);
    const [{ text } = { text: '' }] = await chunksIn('x.pdf', rawPdf(content));
    const order = [...text.matchAll(/Line (\d) of the (\w+)/g)].map(([, n, name]) => `${name} ${n}`);
    expect(order).toEqual(['left 1', 'left 2', 'left 3', 'right 1', 'right 2', 'right 3']);
  });

  it('whose font draws letters as one is found by its words, and quoted as people write them', async () => {
    const letters = [
      '/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def',
      '1 begincodespacerange <00> <FF> endcodespacerange',
      '2 beginbfchar <01> <FB01> <02> <006600660069> endbfchar',
      '1 beginbfrange <20> <7E> <0020> endbfrange',
      'endcmap end end',
    ].join('\n');
    const content = Buffer.from(
      'BT /F 12 Tf 10 100 Td (The \u0001lter is e\u0002cient, and lasts a year.) Tj ET',
    );
    const [{ text } = { text: '' }] = await chunksIn('x.pdf', rawPdf(content, { letters }));
    expect(text).toMatch(/^The filter is efficient, and lasts a year\.$/);
    expect(foldedWords(text)).toEqual(expect.arrayContaining([...foldedWords('filter efficient')]));
    expect(fold(text).text).toBe(fold('The filter is efficient, and lasts a year.').text);
  });

  it('of pictures alone looks scanned', async () => {
    expect(await refusalOf('scan.pdf', await pdfFile([[], []]))).toBe(
      'scan.pdf: 2 of 2 pages hold no text; it looks scanned. Run OCR first, or register an extractor.',
    );
  });

  it('that is locked, cut or none is refused with words', async () => {
    const whole = await pdfFile([[{ lines: ['A text.'] }]]);
    const locked = await pdfFile([[{ lines: ['A text.'] }]], { password: 'secret' });
    expect(await refusalOf('x.pdf', locked)).toBe('x.pdf: needs a password.');
    expect(await refusalOf('x.pdf', Buffer.from('no pdf'))).toBe('x.pdf: not a PDF that can be read.');
    expect(await refusalOf('x.pdf', whole.subarray(0, 60))).toBe('x.pdf: not a PDF that can be read.');
  });
});

describe('a Word file', () => {
  it('becomes paragraphs under its headings', async () => {
    const heading = new Paragraph({ text: 'Cooling', heading: HeadingLevel.HEADING_1 });
    const children = [heading, new Paragraph('The impeller lasts 500 hours.')];
    const bytes = await Packer.toBuffer(new Document({ sections: [{ children }] }));
    expect(await chunksIn('cooling.docx', bytes)).toMatchObject([
      { heading: 'Cooling', text: 'Cooling\n\nThe impeller lasts 500 hours.' },
    ]);
  });

  it('that is none is refused with words', async () => {
    const expected = 'x.docx: not a Word file (no word/document.xml).';
    expect(await refusalOf('x.docx', Buffer.from('no zip'))).toBe(expected);
    expect(await refusalOf('x.docx', zipFile([{ name: 'a.txt', content: 'a' }]))).toBe(expected);
  });

  it.each([
    ['true', undefined],
    ['lying', 1_000],
  ])('that inflates without end is refused, its header %s', async (_what, claims) => {
    const content = Buffer.alloc(210 * 1_024 * 1_024);
    const bomb = { name: 'word/document.xml', content, ...(claims === undefined ? {} : { claims }) };
    expect(await refusalOf('x.docx', zipFile([bomb]))).toMatch(
      /^x\.docx: (?:inflates to more than 200 MiB|not a Word file)/,
    );
  });
});

describe('a book', () => {
  it('is read in the order of its spine', async () => {
    const chapter = (title: string) => `<html><body><h1>${title}</h1><p>Text of ${title}.</p></body></html>`;
    const bytes = zipFile([
      {
        name: 'META-INF/container.xml',
        content: '<container><rootfiles><rootfile full-path="O/b.opf"/></rootfiles></container>',
      },
      {
        name: 'O/b.opf',
        content:
          '<package><metadata><dc:title>Boats</dc:title></metadata><manifest><item id="a" href="a.xhtml"/><item id="b" href="c%20b.xhtml"/></manifest><spine><itemref idref="b"/><itemref idref="a"/></spine></package>',
      },
      { name: 'O/a.xhtml', content: chapter('Second') },
      { name: 'O/c b.xhtml', content: chapter('First') },
    ]);
    const text = await extractors.extract({ path: 'boats.epub', file: '' }, bytes);
    expect(text).toMatchObject({
      title: 'Boats',
      text: 'First\n\nText of First.\n\nSecond\n\nText of Second.',
    });
  });

  it('that is none is refused with words', async () => {
    expect(await refusalOf('x.epub', zipFile([{ name: 'a.txt', content: 'a' }]))).toMatch(
      /^x\.epub: not a book/,
    );
  });
});

describe('an HTML file', () => {
  it('becomes its headings, paragraphs, lists, rows and code, without scripts and navigation', async () => {
    const html = `<html><head><title>Winter</title><script>let x = '<p>no</p>';</script></head><body>
      <nav><a href="/">Home</a></nav><h1>Winter <em>storage</em></h1><p>Drain the <a href="x">raw water</a>
      before the frost.</p><ul><li>Glycol</li><li>Plug</li></ul>
      <table><tr><th>Part</th><th>Hours</th></tr><tr><td>Impeller</td><td>500</td></tr></table>
      <pre>a  b\n  c</pre></body></html>`;
    const text = await extractors.extract({ path: 'winter.html', file: '' }, Buffer.from(html));
    expect(text.title).toBe('Winter');
    expect(text.text.split('\n\n')).toEqual([
      'Winter storage',
      'Drain the raw water before the frost.',
      ...['Glycol', 'Plug', 'Part | Hours', 'Impeller | 500', 'a  b\n  c'],
    ]);
  });

  it('is read in the encoding that it names', async () => {
    const bytes = Buffer.from('<meta charset="iso-8859-1"><p>Caf\u00e9 oil</p>', 'latin1');
    expect((await extractors.extract({ path: 'a.html', file: '' }, bytes)).text).toBe('Café oil');
  });

  it('that is nested without end is refused', async () => {
    expect(await refusalOf('x.html', Buffer.from('<div>'.repeat(2_000)))).toBe(
      'x.html: nested deeper than 256; refused.',
    );
  });
});

describe('the process that reads strangers’ files', () => {
  it('is ended where a file takes too long, and the next file is read by another', async () => {
    const impatient = new ExtractorChild({ mostMs: 1 });
    onTestFinished(() => impatient.close());
    const html = Buffer.from('<p>A text.</p>');
    const failure = await failureOf(() => impatient.extract('millrace:html', html, 'x.html'));
    expect(failure).toMatchObject({ kind: 'poison', code: 'too_slow' });
    expect(await extractors.extract({ path: 'y.html', file: '' }, html)).toMatchObject({ text: 'A text.' });
  });

  it('is ended where a small PDF inflates to more than its memory, and the next file is read by another', async () => {
    const small = new ExtractorChild({ mostResidentBytes: 200 * MIB });
    onTestFinished(() => small.close());
    const failure = await failureOf(() => small.extract('millrace:pdf', flateBomb(512 * MIB), 'bomb.pdf'));
    expect(failure).toMatchObject({
      kind: 'poison',
      message: expect.stringMatching(/^bomb\.pdf: .*; refused\.$/),
    });
    const html = Buffer.from('<p>A text.</p>');
    expect(await small.extract('millrace:html', html, 'y.html')).toMatchObject({ text: 'A text.' });
  });

  it.each([
    ['read a file of the user', "fs.readFileSync('/etc/hostname')"],
    ['write a file', "fs.writeFileSync(require('node:os').tmpdir() + '/millrace-probe', '')"],
    ['start a process', "require('node:child_process').spawnSync('true')"],
    ['start a thread', "new (require('node:worker_threads').Worker)('1', { eval: true })"],
    ['make code of a text', "new Function('return 1')()"],
  ])('may not %s', (_what, code) => {
    const { status, stderr } = spawnSync(process.execPath, [...childBounds(), '-e', code], {
      encoding: 'utf8',
      env: {},
    });
    expect(status).not.toBe(0);
    expect(stderr).toMatch(/ERR_ACCESS_DENIED|Code generation from strings disallowed/);
  });
});
