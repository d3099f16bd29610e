/** One event that a command wants in the log. `data` and `metadata` are JSON text, kept and published as it is. */
export interface NewEvent {
  readonly eventId: string
  readonly eventType: string
  readonly occurredAt: string
  readonly aggregateType: string
  readonly aggregateId: string
  readonly aggregateVersion: number
  readonly data: string
  readonly metadata: string
  /** The span that the event comes from. */
  readonly traceparent: string | null
}

/**
 * The end of a statement that changes state and appends the events of what it really changed, in one. Before it
 * the statement has a CTE `written (aggregate_id text)`, and it may change an aggregate once; an event whose
 * aggregate is not in there is left out. It gives the CTEs `appended (aggregate_id, position)`, a row for each event
 * that is now in the log, and `announced`, one row, which the statement has to select from: the hint for the relay.
 *
 * `log_head` is locked last, when the state has been written, and until the commit: that makes positions dense, and
 * visible in their order. So no transaction may wait for its client after this, unless Postgres ends it soon (`appendingTransaction`).
 *
 * @param first the number of the first of `appendParameters`
 */
export function appendWritten(first: number): string {
  const p = (nth: number) => `$${first + nth}`
  return `
  event as (
    select e.* from unnest(
      ${p(0)}::uuid[], ${p(1)}::text[], ${p(2)}::timestamptz[], ${p(3)}::text[], ${p(4)}::text[], ${p(5)}::integer[],
      ${p(6)}::json[], ${p(7)}::json[], ${p(8)}::text[]
    ) with ordinality as e (
      event_id, event_type, occurred_at, aggregate_type, aggregate_id, aggregate_version,
      data, metadata, traceparent, nth
    )
    join written using (aggregate_id)
  ),
  head as (
    update log_head set position = position + (select count(*) from event)
    where exists (select from event)
    returning position
  ),
  appended as (
    insert into events (
      position, event_id, event_type, occurred_at, aggregate_type, aggregate_id, aggregate_version,
      data, metadata, traceparent
    )
    select
      head.position - count(*) over () + row_number() over (order by nth),
      event_id, event_type, occurred_at, aggregate_type, aggregate_id, aggregate_version,
      data, metadata, traceparent
    from event cross join head
    returning aggregate_id, position
  ),
  announced as materialized (select pg_notify('events', position::text) from head)`
}

export function appendParameters(events: readonly NewEvent[]): unknown[] {
  return [
    events.map((event) => event.eventId),
    events.map((event) => event.eventType),
    events.map((event) => event.occurredAt),
    events.map((event) => event.aggregateType),
    events.map((event) => event.aggregateId),
    events.map((event) => event.aggregateVersion),
    events.map((event) => event.data),
    events.map((event) => event.metadata),
    events.map((event) => event.traceparent),
  ]
}
