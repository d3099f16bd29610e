-- An index over `deadletter.queue`, which by itself never drains: what became of each letter. Key, bytes and headers
-- stay in Kafka. A letter whose replay fails comes back to the topic; it is the same letter here, with one replay more.
create table dead_letters (
  -- Where it first lay on the topic's one partition.
  letter_id bigint primary key,
  -- Where it lies as it failed last.
  record_offset bigint not null unique,
  consumer_group text not null,
  original_topic text not null,
  original_partition integer not null,
  original_offset bigint not null,
  record_key text,
  event_id text,
  event_type text,
  error_code text not null,
  error_message text not null,
  -- The message without what differs from letter to letter: what letters are grouped by.
  error_pattern text not null,
  attempts integer not null,
  first_failed_at timestamptz(3) not null,
  failed_at timestamptz(3) not null,
  state text not null check (state in ('open', 'replayed', 'resolved', 'discarded', 'quarantined')),
  replays integer not null default 0,
  -- The replay that sent it last.
  claimed_by uuid,
  discard_reason text,
  changed_at timestamptz(3) not null default now(),
  -- A worker that dies after it stored a letter and before it commits its offset stores the same one again.
  unique (consumer_group, original_topic, original_partition, original_offset)
);

create index dead_letters_by_group on dead_letters (state, consumer_group, error_code, error_pattern, failed_at);
create index dead_letters_by_key on dead_letters (record_key);

create table dead_letter_index (
  singleton boolean primary key default true check (singleton),
  next_offset bigint not null
);

insert into dead_letter_index (next_offset) values (0);

create table replays (
  replay_id uuid primary key,
  state text not null check (state in ('running', 'paused', 'cancelled', 'done')),
  selection jsonb not null,
  rate_per_second integer not null check (rate_per_second > 0),
  created_by text not null,
  created_at timestamptz(3) not null default now(),
  finished_at timestamptz(3),
  -- One process at a time works on it.
  runner text,
  lease_until timestamptz not null default '-infinity'
);

create table replay_letters (
  replay_id uuid not null references replays,
  letter_id bigint not null references dead_letters,
  -- `sent` until its group has said what came of it; the group may be quicker than we are to note that it was sent.
  outcome text not null default 'pending' check (outcome in ('pending', 'sent', 'resolved', 'failed', 'skipped')),
  detail text,
  changed_at timestamptz(3) not null default now(),
  primary key (replay_id, letter_id)
);

create index replay_letters_by_outcome on replay_letters (replay_id, outcome, letter_id);
create index replay_letters_under_way on replay_letters (letter_id) where outcome in ('pending', 'sent');
