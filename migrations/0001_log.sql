-- The event log: the truth, and the outbox.

-- Positions come from this one row. Its update is lock and number at once and is held until the commit, so
-- positions are dense and become visible in order: a reader that has seen n has seen everything before it.
create table log_head (
  singleton boolean primary key default true check (singleton),
  position bigint not null check (position >= 0)
);

insert into log_head (position) values (0);

create table events (
  position bigint primary key,
  event_id uuid not null unique,
  event_type text not null,
  occurred_at timestamptz(3) not null,
  aggregate_type text not null,
  aggregate_id text not null,
  aggregate_version integer check (aggregate_version > 0),
  -- Kept as the text that was written, so that the relay publishes it without parsing. May be redacted in place.
  data json not null,
  metadata json not null,
  traceparent text
);

create unique index events_by_aggregate on events (aggregate_id, aggregate_type, aggregate_version);

-- One relay is active: the holder of the lease. Its epoch fences what a frozen predecessor does when it thaws.
create table relay (
  name text primary key,
  position bigint not null,
  epoch bigint not null,
  holder text,
  lease_until timestamptz not null,
  -- What Kafka knows each topic by. One that was deleted and made again has another id, and lacks what was published.
  topic_ids jsonb not null default '{}'
);

insert into relay (name, position, epoch, lease_until) values ('kafka', 0, 0, '-infinity');

-- Events that no topic takes (too large), and the later events of their aggregates, which must not overtake them.
create table relay_set_aside (
  position bigint primary key references events (position),
  aggregate_type text not null,
  aggregate_id text not null,
  reason text not null,
  set_aside_at timestamptz not null default now(),
  -- An operator has mended the cause: publish them now.
  retry_requested boolean not null default false
);
