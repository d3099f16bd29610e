import type { NewReview } from '../client/types.gen.ts'

export type PlannedReview = Readonly<NewReview> & { readonly user_id: string }

const ratings = [1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5] as const

export const plannedEntityType = 'product'

/**
 * The n-th review of a run. Each is by a user of its own, so that one which was sent twice cannot count twice: the
 * second is answered 409. Ratings take all nine values on every entity.
 */
export function plannedReview(runId: string, entities: number, n: number): PlannedReview {
  const turn = Math.floor(n / entities)
  return {
    entity_type: plannedEntityType,
    entity_id: plannedEntityId(runId, n % entities),
    user_id: `load-${runId}-user-${n}`,
    rating: ratings[(n + turn) % 9] ?? 1,
    content: `Review ${n} of load run ${runId}. It does what it says, arrived in time and was packed with care.`,
  }
}

export function plannedEntityId(runId: string, entity: number): string {
  return `load-${runId}-${entity}`
}
