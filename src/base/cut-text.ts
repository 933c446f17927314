/**
 * At most so many code points, the last of them `…` when there were more; well-formed. Joined anew: a slice would keep the
 * whole of a hostile text alive.
 */
export function cutText(text: string, most: number): string {
  if (text.length <= most) return text.toWellFormed();
  const points = Array.from(text.slice(0, 2 * most + 2).toWellFormed());
  return points.length <= most ? points.join("") : `${points.slice(0, most - 1).join("")}…`;
}
