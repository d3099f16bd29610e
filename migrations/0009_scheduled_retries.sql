-- What waits for another try: fed from `retry.queue`, in the order in which it falls due. A row is worked on only by
-- the member of its group that has its partition of the topic, so it needs neither lock nor lease.
create table scheduled_retries (
  consumer_group text not null,
  -- Where it lies on `retry.queue`: a record that is delivered again finds its row.
  partition integer not null,
  record_offset bigint not null,
  due_at timestamptz(3) not null,
  record_timestamp timestamptz(3) not null,
  key bytea,
  value bytea,
  -- Pairs of base64: names may repeat, and neither names nor values need to be text.
  headers text not null,
  primary key (consumer_group, partition, record_offset)
);

create index scheduled_retries_by_due on scheduled_retries (consumer_group, due_at);
