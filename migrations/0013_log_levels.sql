-- How much each service logs, where that was changed while it runs. It ends by itself: a level that somebody needed for
-- an hour must not fill a disk.
create table log_levels (
  service text primary key,
  -- As LOG_LEVEL is written.
  levels text not null,
  changed_by text not null,
  expires_at timestamptz(3) not null
);
