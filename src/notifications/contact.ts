/** How to reach a user, looked up when a notice is sent: no event, row or log ever holds it. */
export interface Contact {
  readonly email: string
  readonly name?: string
  readonly locale?: string
  /** Templates of notices that this user does not want. A command is not a notice: it asks for its mail. */
  readonly muted?: ReadonlySet<string>
}

/** The contacts of users; null, or no entry, for whom there is none. */
export type AddressOf = (userIds: readonly string[]) => Promise<ReadonlyMap<string, Contact | null>>

/** The contacts that `first` knows; of everyone else those of `second`. */
export function firstKnown(first: AddressOf, second: AddressOf): AddressOf {
  return async (userIds) => {
    const known = await first(userIds)
    const others = await second(userIds.filter((userId) => !known.get(userId)))
    return new Map([...known, ...others])
  }
}
