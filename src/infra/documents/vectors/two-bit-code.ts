/** Parts of a vector that share a byte. */
const A_BYTE = 4;
/** What the byte before the parts is for a vector whose parts are all of one size. */
const WEIGHT = 226;
const BYTE_VALUES = 256;

/** What a vector takes as a code. */
export function codeBytes(dimensions: number): number {
  return 1 + Math.ceil(dimensions / A_BYTE);
}

/**
 * Writes a vector in two bits a dimension: each part becomes one of four steps, -3, -1, 1 and 3 halves of the mean size of the parts. The
 * byte before them tells how much the steps agree with the vector, by which what is reckoned from them is set right, as RaBitQ does
 * (https://arxiv.org/abs/2405.12497). Nothing is written for a vector of zeros.
 *
 * @param into `codeBytes` zeros.
 */
export function writeCode(vector: Int8Array, into: Uint8Array): void {
  const size = Math.sqrt(vector.reduce((sum, part) => sum + part * part, 0));
  if (size === 0) return;
  const mean = size / Math.sqrt(vector.length);
  let agreed = 0;
  for (const [at, part] of vector.entries()) {
    const level = part > mean ? 3 : part > 0 ? 2 : part > -mean ? 1 : 0;
    const byte = 1 + Math.floor(at / A_BYTE);
    into[byte] = (into[byte] ?? 0) | (level << (2 * (at % A_BYTE)));
    agreed += stepOf(level) * part;
  }
  into[0] = Math.min(255, Math.round((WEIGHT * size * Math.sqrt(vector.length)) / agreed));
}

function stepOf(level: number): number {
  return 2 * level - 3;
}

/**
 * About the cosine of the angle to a vector, up to a factor that is the same for all, by the code that stands at a place of many;
 * -Infinity where none stands.
 */
export function likenessTo(query: Int8Array): (codes: Uint8Array, place: number) => number {
  const sums = sumsOf(query);
  const bytes = codeBytes(query.length);
  return (codes, place) => {
    const start = place * bytes;
    const weight = codes[start] ?? 0;
    if (weight === 0) return Number.NEGATIVE_INFINITY;
    const end = start + bytes;
    // Two sums at once, of whole numbers: the processor adds them side by side.
    let sum = 0;
    let other = 0;
    let row = 0;
    let at = start + 1;
    for (; at + 1 < end; at += 2) {
      sum = (sum + (sums[row + (codes[at] ?? 0)] ?? 0)) | 0;
      other = (other + (sums[row + BYTE_VALUES + (codes[at + 1] ?? 0)] ?? 0)) | 0;
      row += 2 * BYTE_VALUES;
    }
    if (at < end) sum += sums[row + (codes[at] ?? 0)] ?? 0;
    return (sum + other) * weight;
  };
}

/** For each byte of a code, and each value that it can have, what its parts add. */
function sumsOf(query: Int8Array): Int16Array {
  const bytes = codeBytes(query.length) - 1;
  const sums = new Int16Array(bytes * BYTE_VALUES);
  for (let byte = 0; byte < bytes; byte += 1) {
    const [one = 0, two = 0, three = 0, four = 0] = query.subarray(byte * A_BYTE, (byte + 1) * A_BYTE);
    for (let value = 0; value < BYTE_VALUES; value += 1)
      sums[byte * BYTE_VALUES + value] =
        stepOf(value & 3) * one +
        stepOf((value >> 2) & 3) * two +
        stepOf((value >> 4) & 3) * three +
        stepOf(value >> 6) * four;
  }
  return sums;
}
