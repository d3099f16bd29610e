export type ToInbox =
  | { readonly port: number }
  /** Whether each mail is told of at once, and how long it thinks about one before it takes it. */
  | { readonly each: boolean; readonly answerAfterMs: number }

/** Times are by the machine's monotonic clock: see `nowMs`. */
export type FromInbox =
  | { readonly listensOn: number }
  | { readonly count: number; readonly lastAt: number }
  | { readonly recipient: string; readonly at: number }
