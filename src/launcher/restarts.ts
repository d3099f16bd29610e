/** A part that was ready for this long has proved itself: what happened before no longer counts. */
export const settledAfterMs = 10_000

/** How long to wait after so many failures in a row: 0.5 s, doubled each time, at most 15 s. */
export function delayAfter(failures: number): number {
  return Math.min(15_000, 500 * 2 ** (failures - 1))
}

/** From here on it counts as failed, and is tried on slowly. */
export function isSpent(failures: number): boolean {
  return failures >= 5
}
