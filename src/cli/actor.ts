import { userInfo } from 'node:os'

/** Who acts at this command line, as the audit names them. */
export function actor(): string {
  try {
    return `cli:${userInfo().username}`
  } catch {
    // A container's user may have no name.
    return `cli:${process.getuid?.() ?? 'unknown'}`
  }
}
