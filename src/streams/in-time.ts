/** What the promise brings; after `ms`, what `late` gives or throws instead. Nothing is cut off: the promise may still end. */
export async function inTime<T, Late = never>(
  promise: Promise<T>,
  ms: number,
  late: () => Late,
): Promise<T | Late> {
  const over = Promise.withResolvers<Late>();
  const timer = setTimeout(() => over.resolve((async () => late())()), ms);
  try {
    return await Promise.race([promise, over.promise]);
  } finally {
    clearTimeout(timer);
  }
}
