-- What happened to events on their way, noted as it happened, for whoever asks about one of them. A row stands for a
-- batch: a busy minute costs hardly more rows than a quiet one. Nothing depends on these tables; they are kept for days
-- and may lack what was noted while Postgres was away.
create table journey_publications (
  first_position bigint not null,
  last_position bigint not null,
  published_at timestamptz(3) not null
);

create index journey_publications_by_position on journey_publications (last_position);

create table journey_settlements (
  consumer_group text not null,
  topic text not null,
  partition integer not null,
  first_offset bigint not null,
  last_offset bigint not null,
  -- Within a partition positions grow with the offsets.
  first_position bigint not null,
  last_position bigint not null,
  -- The highest number of a try in the batch; more than 1 only for what was tried again.
  attempt integer not null,
  settled_at timestamptz(3) not null
);

create index journey_settlements_by_position on journey_settlements (last_position);

-- What did not end well, each by itself.
create table journey_failures (
  consumer_group text not null,
  position bigint not null,
  topic text not null,
  partition integer not null,
  record_offset bigint not null,
  attempt integer not null,
  outcome text not null check (outcome in ('retry', 'dead-letter')),
  error_code text not null,
  failed_at timestamptz(3) not null
);

create index journey_failures_by_position on journey_failures (position);

-- From correlation and trace ids, as hashes, to positions.
create table journey_keys (
  key bigint not null,
  position bigint not null,
  noted_at timestamptz(3) not null default now()
);

create index journey_keys_by_key on journey_keys (key);

-- For the purge: rows lie in the order of their times.
create index journey_publications_by_time on journey_publications using brin (published_at);
create index journey_settlements_by_time on journey_settlements using brin (settled_at);
create index journey_failures_by_time on journey_failures using brin (failed_at);
create index journey_keys_by_time on journey_keys using brin (noted_at);
