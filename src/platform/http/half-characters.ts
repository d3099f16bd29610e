interface HalfCharacter {
  readonly pointer: string
  readonly code: 'half_character'
  readonly detail: string
}

// Nothing that a route takes is nested deeper.
const maxDepth = 8

/**
 * Where a JSON value has a lone surrogate: `"\\ud800"` is valid JSON and yet no text. It cannot be stored, and JSON
 * Schema has no word for it that every engine understands.
 */
export function halfCharacters(value: unknown, pointer = '', depth = 0): HalfCharacter[] {
  if (typeof value === 'string') {
    return value.isWellFormed() ? [] : [{ pointer, code: 'half_character', detail: 'has half a character' }]
  }
  if (typeof value !== 'object' || value === null || depth === maxDepth) return []
  return Object.entries(value).flatMap(([key, member]) =>
    halfCharacters(member, `${pointer}/${key}`, depth + 1),
  )
}
