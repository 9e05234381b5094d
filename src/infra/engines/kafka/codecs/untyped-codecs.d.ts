declare module 'snappyjs' {
  /** Throws before anything is made where it says that it unpacks to more than `mostBytes`. */
  export function uncompress(data: Uint8Array, mostBytes?: number): Uint8Array;
}
