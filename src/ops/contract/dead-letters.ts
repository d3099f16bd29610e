export const letterStates = ['open', 'replayed', 'resolved', 'discarded', 'quarantined'] as const
export type LetterState = (typeof letterStates)[number]

export interface LetterGroup {
  readonly consumer_group: string
  readonly error_code: string
  readonly error_pattern: string
  readonly state: LetterState
  readonly count: number
  readonly first_seen: string
  readonly last_seen: string
}

export interface Letter {
  readonly letter_id: number
  readonly record_offset: number
  readonly consumer_group: string
  readonly original_topic: string
  readonly original_partition: number
  readonly original_offset: number
  readonly record_key: string | null
  readonly event_id: string | null
  readonly event_type: string | null
  readonly error_code: string
  readonly error_message: string
  readonly attempts: number
  readonly first_failed_at: string
  readonly failed_at: string
  readonly state: LetterState
  readonly replays: number
  readonly discard_reason: string | null
}

export interface LetterPage {
  readonly items: readonly Letter[]
  readonly next_after: number | null
}

export interface Replay {
  readonly replay_id: string
  readonly state: 'running' | 'paused' | 'cancelled' | 'done'
  readonly rate_per_second: number
  readonly created_by: string
  readonly created_at: string
  readonly finished_at: string | null
  readonly pending: number
  readonly sent: number
  readonly resolved: number
  readonly failed: number
  readonly skipped: number
}

/** What a replay would do. */
export interface ReplayPlan {
  readonly letters: number
  readonly keys: readonly string[]
  readonly decodable: number
  readonly undecodable: readonly { readonly letter_id: number; readonly reason: string }[]
  /** Letters whose aggregate has moved on since. */
  readonly superseded: readonly number[]
  readonly byGroup: Readonly<Record<string, number>>
}
