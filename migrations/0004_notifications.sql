-- The delivery ledger: one row for each notice, so that no notice goes out twice.

create table notifications (
  -- A hash of what the notice is about, so that a repeated event finds the row of the first.
  id uuid primary key,
  event_id uuid not null,
  recipient text not null,
  channel text not null check (channel in ('email')),
  template text not null,
  status text not null default 'pending' check (status in ('pending', 'sending', 'sent')),
  -- Whoever is sending has until then; after it anyone may take the notice over.
  holder uuid,
  lease_until timestamptz,
  -- Tries that failed, and why the last one did: a code, never an address or what was written.
  attempts integer not null default 0,
  last_error text,
  created_at timestamptz not null default now(),
  sent_at timestamptz,
  check ((status = 'sending') = (holder is not null)),
  check ((status = 'sending') = (lease_until is not null)),
  check ((status = 'sent') = (sent_at is not null))
-- Each row is updated once: the room keeps the new version on its page, and out of the indexes.
) with (fillfactor = 60);

create index notifications_by_event on notifications (event_id);
