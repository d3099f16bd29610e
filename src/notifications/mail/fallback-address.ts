import { createHash } from 'node:crypto'
import type { AddressOf } from '../contact.ts'

// RFC 5321, section 4.5.3.1.1.
const maxLocalPart = 64
const digestLength = 32

/** Local mode: every user has an address in one domain, whoever they are. */
export function fallbackAddresses(domain: string): AddressOf {
  return async (userIds) =>
    new Map(userIds.map((userId) => [userId, { email: `${localPartOf(userId)}@${domain}` }]))
}

/**
 * The local part of the address of a user who registered none: the user id itself where it is a plain one. Any other
 * byte of its UTF-8 is written `=XX`, and what gets too long ends in `~` and a hash. Neither sign occurs in a plain
 * one, so no two users share an address. What comes out needs no quoting, and nothing can be injected by it.
 */
export function localPartOf(userId: string): string {
  const encoded = encode(userId)
  if (encoded.length <= maxLocalPart) return encoded
  const digest = createHash('sha256').update(userId).digest('hex').slice(0, digestLength)
  return `${encoded.slice(0, maxLocalPart - digestLength - 1).replace(/\.$/, '=')}~${digest}`
}

function encode(userId: string): string {
  // RFC 5322, section 3.2.3: a dot stands between two other characters.
  const dotted = /^[^.]+(\.[^.]+)*$/.test(userId)
  return Array.from(Buffer.from(userId), (byte) => {
    const character = String.fromCharCode(byte)
    const plain = /[A-Za-z0-9_-]/.test(character) || (dotted && character === '.')
    return plain ? character : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }).join('')
}
