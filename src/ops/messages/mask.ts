/** What stands in the place of what a person wrote, or of an address. */
export const maskText = '•••'

/** Fields of our events that hold what people wrote or where they are reached. Ids stay: work needs them. */
const personal = new Set(['title', 'content', 'reason', 'params', 'email', 'name', 'address', 'old', 'new'])

/** Fields of a change that say nothing of a person. */
const harmlessChanges = new Set(['rating'])

/** A value of one of our events, with what is personal masked. Numbers, ids and structure stay. */
export function maskEvent(value: unknown, within = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => maskEvent(item, within))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const hidden = personal.has(key) && inner !== null && !harmlessChanges.has(within)
      return [key, hidden ? maskText : maskEvent(inner, key)]
    }),
  )
}

/** A value of which nothing is known: every text in it is masked. */
export function maskAll(value: unknown): unknown {
  if (typeof value === 'string') return maskText
  if (Array.isArray(value)) return value.map(maskAll)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskAll(inner)]))
}
