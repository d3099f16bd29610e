/**
 * From how many seconds on Home calls something late. The alert rules in `deploy/prometheus` wait longer: they wake
 * people, and this only has to say what is.
 */
export const lateAfterSeconds = {
  /** An answer of the API to a write, at the 95th percentile. */
  answer: 1,
  /** An event that is accepted and not published. */
  relay: 5,
  /** A record that its group has not dealt with. */
  group: 10,
  /** From acceptance to the statistics or to the cleared cache, at the 95th percentile. */
  visible: 5,
  /** From acceptance until a mail was sent, at the 95th percentile. A mail server takes its time. */
  mail: 30,
} as const
