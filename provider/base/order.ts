// Lists whose order others build on.

/** What is recorded already stays in its order; what is new comes last, in the order that it is given in. */
export function inRecordedOrder<Item>(
  items: readonly Item[],
  recorded: readonly Item[] | undefined,
  idOf: (item: Item) => string,
): Item[] {
  const places = new Map(recorded?.map((item, index) => [idOf(item), index]));
  const placeOf = (item: Item) => places.get(idOf(item)) ?? places.size;
  return [...items].sort((a, b) => placeOf(a) - placeOf(b));
}
