import { createHash } from 'node:crypto'
import { AppError } from '../platform/errors.ts'

/** Where a page ended: the last item's value in the order of the list, and its id. */
export interface Place {
  readonly value: string | number
  readonly reviewId: string
}

/** Opaque to clients, and good for the list alone that it came from: `list` names its filter and order. */
export function encodeCursor(list: string, { value, reviewId }: Place): string {
  return Buffer.from(JSON.stringify([value, reviewId, seal(list, value, reviewId)])).toString('base64url')
}

/**
 * @param isPlace whether the list can have such a place: anyone can make a cursor by hand
 * @throws {AppError} `invalid_cursor` for rubbish, a changed one, or one of another list
 */
export function decodeCursor(list: string, cursor: string, isPlace: (place: Place) => boolean): Place {
  const [value, reviewId] = parse(cursor)
  const known = (typeof value === 'string' || typeof value === 'number') && typeof reviewId === 'string'
  // Encoding is the inverse of decoding for no other text than the one that was given out.
  if (!known || encodeCursor(list, { value, reviewId }) !== cursor || !isPlace({ value, reviewId })) {
    throw new AppError('invalid_cursor', 'fatal', 'the cursor belongs to another list, or was changed')
  }
  return { value, reviewId }
}

function parse(cursor: string): unknown[] {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    return Array.isArray(parsed) ? parsed : []
  } catch {
    return []
  }
}

/** Against mistakes and not against forgers: whoever makes a cursor by hand sees what is public anyway. */
function seal(list: string, value: string | number, reviewId: string): string {
  return createHash('sha256')
    .update(JSON.stringify([list, value, reviewId]))
    .digest('base64url')
    .slice(0, 16)
}
