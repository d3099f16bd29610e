/** What a cached thing is about. */
export interface Entity {
  readonly entityType: string
  readonly entityId: string
}

const entityPart = ({ entityType, entityId }: Entity) =>
  `reviews:${encodeURIComponent(entityType)}:${encodeURIComponent(entityId)}`

/** Redis keys. Their parts are percent-encoded, so that an id with a colon cannot name another entity's key. */
export const cacheKeys = {
  /** Every list of an entity's reviews; other keys that begin with this one are cleared with it. */
  lists: (entity: Entity) => `${entityPart(entity)}:all`,
  stats: (entity: Entity) => `${entityPart(entity)}:stats`,
  review: (reviewId: string) => `review:${encodeURIComponent(reviewId)}`,
} as const
