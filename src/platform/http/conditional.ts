/** The strong entity tag of a version. */
export function entityTag(version: number): string {
  return `"${version}"`
}

// RFC 9110, section 8.8.3. A tag of ours holds no comma, so a list can be split at them.
const tagForm = /^(W\/)?("[\x21\x23-\x7e\x80-\xff]*")$/

/** Whether `If-Match` lets a write happen at a version. Strong comparison: RFC 9110, section 13.1.1. */
export function ifMatch(header: string | undefined): (version: number) => boolean {
  if (header === undefined || header.trim() === '*') return () => true
  const tags = new Set(header.split(',').map((tag) => tag.trim()))
  return (version) => tags.has(entityTag(version))
}

/** Whether `If-None-Match` says that the client has this version. Weak comparison: RFC 9110, section 13.1.2. */
export function noneMatches(header: string | undefined, version: number): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  return header.split(',').some((tag) => tagForm.exec(tag.trim())?.[2] === entityTag(version))
}
