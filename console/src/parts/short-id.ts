const shownAtEachEnd = 8

/** An id by both of its ends: those of one day begin alike. */
export function shortId(id: string): string {
  return id.length <= 2 * shownAtEachEnd + 3
    ? id
    : `${id.slice(0, shownAtEachEnd)}…${id.slice(-shownAtEachEnd)}`
}
