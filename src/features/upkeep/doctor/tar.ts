const BLOCK = 512;
const MODE = '0000600';

export type TarFile = Readonly<{ name: string; text: string }>;

/** A tar archive (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html, `ustar`) of small text files. */
export function tarOf(files: readonly TarFile[], modifiedAt: Date): Buffer {
  const parts = files.flatMap(({ name, text }) => {
    const bytes = Buffer.from(text);
    const padding = Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK);
    return [headerOf(name, bytes.length, modifiedAt), bytes, padding];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

function headerOf(name: string, size: number, modifiedAt: Date): Buffer {
  const header = Buffer.alloc(BLOCK);
  const seconds = Math.floor(modifiedAt.getTime() / 1_000);
  header.write(name, 0, 100);
  header.write(`${MODE}\0`, 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${octal(size, 11)}\0`, 124);
  header.write(`${octal(seconds, 11)}\0`, 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\0', 257);
  header.write('00', 263);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148);
  return header;
}

const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, '0');
