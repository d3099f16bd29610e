export interface AuditLine {
  readonly number: number
  readonly occurred_at: string
  readonly actor: string
  readonly action: string
  readonly target: string
  readonly details: Readonly<Record<string, string | number | boolean | null>>
}

export interface AuditPage {
  readonly items: readonly AuditLine[]
  /** For the next page; null at the end. */
  readonly next_before: number | null
}
