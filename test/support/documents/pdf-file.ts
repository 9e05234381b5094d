import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';

/** What stands on a page: headings are larger; lines are as they are given. */
export type PdfPage = readonly Readonly<{ heading?: string; lines?: readonly string[] }>[];

/** A PDF of these pages, each with a running head and its number where they are given. */
export async function pdfFile(
  pages: readonly PdfPage[],
  { head, password }: Readonly<{ head?: string; password?: string }> = {},
): Promise<Buffer> {
  const options = { autoFirstPage: false, ...(password === undefined ? {} : { userPassword: password }) };
  const document = new PDFDocument(options);
  const bytes = buffer(document);
  for (const [index, page] of pages.entries()) {
    document.addPage();
    if (head !== undefined) document.fontSize(9).text(`${head} ${index + 1}`, 72, 40);
    let y = 90;
    for (const { heading, lines = [] } of page) {
      if (heading !== undefined) {
        document.fontSize(18).text(heading, 72, y, { lineBreak: false });
        y += 34;
      }
      for (const line of lines) {
        document.fontSize(11).text(line, 72, y, { lineBreak: false });
        y += 14;
      }
      y += 20;
    }
  }
  document.end();
  return bytes;
}
