-- How often an entity was looked at, by the day in UTC. Not in the schema `analytics`: views are not in the log, and
-- whoever builds the statistics anew from it could not bring these back.
create table entity_views (
  entity_type text collate "C" not null,
  entity_id text collate "C" not null,
  day date not null,
  views bigint not null check (views > 0),
  primary key (entity_type, entity_id, day)
);
