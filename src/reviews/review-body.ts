import type { Review } from './review.ts'

/** A review as it is answered. */
export type ReviewBody = Omit<Review, 'deleted_at'>

export function toBody({ deleted_at: _, ...body }: Review): ReviewBody {
  return body
}
