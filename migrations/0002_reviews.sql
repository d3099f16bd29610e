-- The state of every review now: uniqueness, versions and reads. What happened to it is in the log.

create table reviews (
  review_id uuid primary key,
  user_id text collate "C" not null,
  entity_type text collate "C" not null,
  entity_id text collate "C" not null,
  rating numeric(2, 1) not null check (rating between 1 and 5 and mod(rating, 0.5) = 0),
  title text,
  content text not null,
  version integer not null check (version > 0),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null check (updated_at >= created_at),
  deleted_at timestamptz(3)
);

-- One live review for a user and an entity.
create unique index reviews_one_live on reviews (entity_id, entity_type, user_id) where deleted_at is null;

-- One index for each order in which live reviews are listed, read forwards and backwards: of an entity, of a user,
-- of everything. `entity_id` leads, so that it serves without `entity_type` too.
create index reviews_of_entity_by_time on reviews (entity_id, entity_type, created_at, review_id)
  where deleted_at is null;
create index reviews_of_entity_by_rating on reviews (entity_id, entity_type, rating, review_id)
  where deleted_at is null;
create index reviews_of_user_by_time on reviews (user_id, created_at, review_id) where deleted_at is null;
create index reviews_by_time on reviews (created_at, review_id) where deleted_at is null;
create index reviews_by_rating on reviews (rating, review_id) where deleted_at is null;

-- The first 2xx of each POST that came with an Idempotency-Key, written in the write's own statement.
create table idempotency_keys (
  caller text collate "C" not null,
  key text collate "C" not null,
  request_hash bytea not null,
  review_id uuid not null,
  position bigint not null,
  -- The body as it was answered, as text: the review may have changed since.
  response json not null,
  expires_at timestamptz(3) not null,
  primary key (caller, key)
);

create index idempotency_keys_by_expiry on idempotency_keys (expires_at);
