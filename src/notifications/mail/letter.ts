/**
 * A mail before it is HTML or text: what is said, and nothing about how it looks. Templates write letters and the
 * renderers draw them, so what a stranger wrote is cleaned and escaped in one place, whatever the template.
 */
export interface Letter {
  readonly subject: string
  /** What an inbox shows beside the subject. */
  readonly preview: string
  readonly heading: string
  readonly blocks: readonly Block[]
  /** Why the reader gets this mail. */
  readonly reason: string
}

export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'review'; readonly review: ReviewCard }
  | { readonly kind: 'changes'; readonly changes: readonly Change[] }
  | { readonly kind: 'note'; readonly label: string; readonly text: string }

/** A review as its author wrote it; what is absent or null is left out. */
export interface ReviewCard {
  readonly entityType: string
  readonly entityId: string
  readonly rating?: number
  readonly title?: string | null
  readonly content?: string
}

export interface Change {
  readonly label: string
  readonly old: ChangedValue
  readonly new: ChangedValue
}

/** A number is a rating; null is a field that is empty. */
export type ChangedValue = number | string | null
