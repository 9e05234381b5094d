/** How a command of MongoDB begins in BSON: a string by the command's name. */
export function commandBytes(name: string): Buffer {
  return Buffer.from(`\u0002${name}\0`, 'latin1');
}
