import type { Example } from '../../stages/example.ts';
import { exportFormats, exportLine } from '../../stages/formats/index.ts';

/** How an example is written: its columns, and which formats hold it, a paragraph each. */
export function rowsText(example: Example): readonly string[] {
  const lines = exportFormats.map((format) => [format, exportLine(example, format)] as const);
  const held = lines.flatMap(([format, line]) => (line.kind === 'line' ? [format] : []));
  const columns = lines.find(([format]) => format === 'columns')?.[1];
  return [
    ...(columns?.kind === 'line' ? [`As columns:\n${columns.line}`] : []),
    `Formats that hold it: ${held.join(', ')}.`,
  ];
}
