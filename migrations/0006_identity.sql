-- Servers that call on their own behalf. The key itself is shown once and never stored.
create table api_keys (
  key_id text primary key,
  name text not null,
  secret_hash bytea not null check (length(secret_hash) = 32),
  scopes text[] not null,
  created_at timestamptz(3) not null default now(),
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  last_used_at timestamptz(3)
);

-- Who did what as an administrator: ids alone, each entry chained to the one before it by its hash.
create table audit (
  number bigint primary key,
  occurred_at timestamptz(3) not null,
  actor text not null,
  action text not null,
  target text not null,
  details jsonb not null,
  previous_hash bytea not null,
  hash bytea not null
);

create table audit_head (
  singleton boolean primary key default true check (singleton),
  number bigint not null,
  hash bytea not null
);

insert into audit_head (number, hash) values (0, sha256('thereview audit'));

create function audit_hash(entry audit) returns bytea
language sql immutable as $$
  select sha256(convert_to(jsonb_build_array(
    entry.number, extract(epoch from entry.occurred_at), entry.actor, entry.action, entry.target, entry.details,
    encode(entry.previous_hash, 'hex'))::text, 'utf8'))
$$;

-- A function, so that an act and its entry can be one statement.
create function append_audit(by_actor text, did text, to_target text, more jsonb) returns bigint
language plpgsql as $$
declare
  head audit_head;
  entry audit;
begin
  select * into head from audit_head for update;
  entry := row(head.number + 1, clock_timestamp(), by_actor, did, to_target, more, head.hash, null);
  entry.hash := audit_hash(entry);
  insert into audit select entry.*;
  update audit_head set number = entry.number, hash = entry.hash;
  return entry.number;
end
$$;

create function refuse_audit_change() returns trigger
language plpgsql as $$ begin raise exception 'the audit is append-only'; end $$;

create trigger audit_is_append_only before update or delete or truncate on audit
for each statement execute function refuse_audit_change();
