export type MomentKind =
  | 'accepted'
  | 'committed'
  | 'published'
  | 'settled'
  | 'mail'
  | 'read-model'
  | 'dead-letter'

/** One thing that happened to an event. */
export interface Moment {
  readonly kind: MomentKind
  readonly at: string | null
  readonly title: string
  readonly detail: string
  readonly outcome: 'ok' | 'waiting' | 'failed'
  readonly link: string | null
  /** Since the event's timestamp. */
  readonly after_ms: number | null
}

export interface EventJourney {
  readonly event_id: string
  readonly event_type: string
  readonly aggregate_id: string
  readonly aggregate_version: number | null
  readonly position: number
  readonly occurred_at: string
  readonly correlation_id: string
  readonly trace_id: string
  readonly user_id: string | null
  readonly moments: readonly Moment[]
}

export interface JourneyPage {
  readonly asked: string
  /** What the id turned out to be. */
  readonly found_by: 'review' | 'event' | 'correlation' | 'trace' | null
  readonly events: readonly EventJourney[]
}
