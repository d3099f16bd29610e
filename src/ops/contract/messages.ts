/** A record as the console shows it. What people wrote and their addresses are masked unless `revealed`. */
export interface Message {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly timestamp: string
  readonly key: string | null
  readonly event_type: string | null
  readonly event_id: string | null
  readonly headers: readonly { readonly name: string; readonly value: string | null }[]
  /** Pretty JSON, or null where the value is no JSON. */
  readonly json: string | null
  /** The bytes as text; null where they are no UTF-8 or are masked. */
  readonly raw: string | null
  readonly bytes: number
  /** Why it is no event that we know; null if it is one. */
  readonly problem: string | null
  readonly masked: boolean
}

export type ScanEvent =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'progress'; readonly scanned: number; readonly matched: number }
  | {
      readonly kind: 'end'
      readonly scanned: number
      readonly matched: number
      readonly reason: 'limit' | 'end' | 'bound'
    }
