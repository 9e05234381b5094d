declare module 'lz4js' {
  export function compress(data: Uint8Array): Uint8Array;
}
declare module 'snappyjs' {
  export function compress(data: Uint8Array): Uint8Array;
}
