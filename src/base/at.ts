/** The item at an index that is known to exist. Throws a RangeError when it does not: a bug of the caller. */
export function at<Item>(items: ArrayLike<Item>, index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError(`Expected an index below ${items.length}, got ${index}`);
  return item;
}
