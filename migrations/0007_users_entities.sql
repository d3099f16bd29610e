-- Where mail goes, and what of it a user wants. Addresses live here and nowhere else: topics carry ids alone.
create table users (
  user_id text collate "C" primary key,
  email text not null,
  name text,
  locale text,
  -- By channel and notice, as in the API; what is absent is wanted.
  preferences jsonb not null default '{}',
  version integer not null check (version > 0),
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);

create table entities (
  entity_type text collate "C",
  entity_id text collate "C",
  name text not null,
  url text,
  owner_id text collate "C",
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  primary key (entity_type, entity_id)
);
