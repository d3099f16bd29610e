/** The body of one `POST /api/v1/reviews`. */
export interface PlannedReview {
  readonly entity_type: string
  readonly entity_id: string
  readonly user_id: string
  readonly rating: number
  readonly content: string
}

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
    rating: 1 + ((n + turn) % 9) / 2,
    content: `Review ${n} of load run ${runId}. It does what it says, arrived in time and was packed with care.`,
  }
}

export function plannedEntityId(runId: string, entity: number): string {
  return `load-${runId}-${entity}`
}
