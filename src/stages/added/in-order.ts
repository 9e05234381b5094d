type Named = Readonly<{ name: string }>;
type Behind = Named & Readonly<{ after: string }>;

/**
 * Stages in the order of the stream: behind each of ours those that were added there, in the order in which they came, and behind each
 * of these those that were added behind it. One that names a stage which is not there has no place.
 */
export function stagesInOrder<Own extends Named, Added extends Behind>(
  own: readonly Own[],
  added: readonly Added[],
): readonly (Own | Added)[] {
  const behind = Map.groupBy(added, ({ after }) => after);
  const withBehind = <One extends Own | Added>(one: One): readonly (Own | Added)[] => [
    one,
    ...(behind.get(one.name) ?? []).flatMap((next) => withBehind(next)),
  ];
  return own.flatMap((one) => withBehind(one));
}
