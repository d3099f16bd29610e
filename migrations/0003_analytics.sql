-- What the analytics projection makes of the reviews' events. A schema of its own, so that the whole can be built
-- anew beside the live one, and the two change places.
create schema analytics;

-- Each review as far as its events were applied: the next version is applied, an older one is a repeat. The two
-- tables after this one follow from it.
create table analytics.reviews (
  review_id uuid primary key,
  version integer not null check (version > 0),
  entity_type text collate "C" not null,
  entity_id text collate "C" not null,
  -- The rating in halves, 2 to 10, so that sums are exact.
  halves smallint not null check (halves between 2 and 10),
  live boolean not null,
  -- UTC.
  created_on date not null,
  -- Of the last event that was applied: its place in the log, and its time.
  position bigint not null,
  changed_at timestamptz(3) not null
);

-- Live reviews by rating; count and sum follow from it.
create table analytics.entity_stats (
  entity_type text collate "C" not null,
  entity_id text collate "C" not null,
  -- How many have each of the nine ratings, 1 to 5 in halves.
  histogram bigint[] not null check (cardinality(histogram) = 9),
  -- Grows by each event of the entity's reviews.
  revision bigint not null,
  -- The highest among those events.
  position bigint not null,
  updated_at timestamptz(3) not null,
  primary key (entity_type, entity_id)
);

-- Live reviews by the day, in UTC, on which they were created.
create table analytics.entity_days (
  entity_type text collate "C" not null,
  entity_id text collate "C" not null,
  day date not null,
  count bigint not null,
  halves bigint not null,
  primary key (entity_type, entity_id, day)
);
