import { assertScope, type Caller, forbidden, hasRole } from '../platform/http/caller.ts'
import { invalid } from '../platform/http/problem.ts'
import type { Review } from './review.ts'
import type { ChangeTerms } from './review-writer.ts'

/** The user whose review a caller writes. A server with an API key writes for its users. */
export function authorOf(caller: Caller, wanted: string | undefined): string {
  assertScope(caller, 'reviews:write')
  if (caller.kind === 'user') {
    if (wanted === undefined || wanted === caller.subject) return caller.subject
    throw forbidden('the user_id is not that of the token')
  }
  if (wanted !== undefined) return wanted
  throw invalid([{ in: 'body', pointer: '/user_id', code: 'required', detail: 'is required' }])
}

type Rights = Pick<ChangeTerms, 'by' | 'permits'>

/** Users change their own reviews. */
export function rightsToUpdate(caller: Caller): Rights {
  assertScope(caller, 'reviews:write')
  return { by: actingUser(caller), permits: (review) => isOwn(caller, review) }
}

/** Moderators delete any, with a reason. */
export function rightsToRemove(caller: Caller, reason: string | null): Rights {
  assertScope(caller, 'reviews:write')
  return {
    by: actingUser(caller),
    permits: (review) => {
      if (isOwn(caller, review)) return true
      if (!isModerator(caller)) return false
      if (reason?.trim()) return true
      throw invalid([
        { in: 'query', pointer: '/reason', code: 'required', detail: 'is required of a moderator' },
      ])
    },
  }
}

/** The history of a deleted review is for its author and for moderators. */
export function mayReadDeleted(caller: Caller | null, authorId: string): boolean {
  return caller !== null && (isOwn(caller, { user_id: authorId }) || isModerator(caller))
}

/** A server with the right to write reviews stands for their authors. */
function isOwn(caller: Caller, { user_id }: Pick<Review, 'user_id'>): boolean {
  switch (caller.kind) {
    case 'anybody':
      return true
    case 'user':
      return caller.subject === user_id
    case 'api-key':
      return caller.scopes.has('reviews:write')
  }
}

function isModerator(caller: Caller): boolean {
  return hasRole(caller, 'moderator', 'admin')
}

function actingUser(caller: Caller): string | null {
  return caller.kind === 'user' ? caller.subject : null
}
