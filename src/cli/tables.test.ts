import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { topics } from '../contracts/topics.ts'
import { duration } from './duration.ts'
import { lagText } from './lag-show.ts'
import { applyText } from './topics-apply.ts'
import { listText, topicText } from './topics-show.ts'

const plain = stripVTControlCharacters

const summary = {
  name: 'reviews.events',
  partitions: 3,
  replication_factor: 3,
  min_insync_replicas: 2,
  retention_ms: 2_592_000_000,
  records: 12_345,
  partitions_at_risk: 1,
}

test('durations are said in their largest whole unit', () => {
  assert.deepEqual([2_592_000_000, 21_600_000, 90_000, 1_500, -1].map(duration), [
    '30 d',
    '6 h',
    '90 s',
    '1500 ms',
    'for ever',
  ])
})

test('topics are listed with what can go wrong', () => {
  assert.equal(
    plain(listText([summary])),
    `TOPIC           PARTITIONS  REPLICAS  MIN ISR  RETENTION  RECORDS  AT RISK
reviews.events           3         3        2       30 d   12,345        1
`,
  )
})

test('a topic shows its partitions, and settings that are not as declared', () => {
  const text = topicText({
    ...summary,
    key: 'review id',
    event_types: ['review.created.v1'],
    partition_list: [
      { partition: 0, leader: null, replicas: [1, 2, 3], in_sync: [1], first_offset: 5, end_offset: 9 },
    ],
    settings: [{ name: 'retention.ms', has: '1', wants: '2' }],
  })
  assert.equal(
    plain(text),
    `reviews.events
key        review id
events     review.created.v1
retention  30 d
records    12,345

PARTITION  LEADER  REPLICAS  IN SYNC  FIRST  END
        0    none  1,2,3     1            5    9

SETTING       IS  DECLARED
retention.ms  1   2
`,
  )
})

test('a difference of topics is shown line by line, and what an operator must do himself', () => {
  const differences = [
    { kind: 'missing', topic: topics.retries },
    { kind: 'setting', topic: 'users.events', setting: 'retention.ms', has: '1', wants: '2' },
    { kind: 'cannot-change', topic: 'users.events', what: 'partitions', has: 9, wants: 3 },
  ] as const
  assert.equal(
    plain(applyText({ differences, warnings: ['few copies'] }, true)),
    `warning: few copies
+ retry.queue is missing: 3 partitions, kept 6 h
~ users.events retention.ms: 1 → 2
! users.events partitions: 9, wants 3; a topic never shrinks: make a new one
Nothing was changed: leave --dry-run out to apply this.
`,
  )
  assert.equal(plain(applyText({ differences: [], warnings: [] }, false)), 'The topics are as declared.\n')
})

test('lag tells a group that has never read from one that is behind', () => {
  const partition = {
    topic: 'reviews.events',
    partition: 0,
    committed: 7,
    end: 9,
    lag: 2,
    reader: 'worker-1',
  }
  const groups = [
    { group: 'analytics-service', state: 'Stable', members: 1, lag: 2, partitions: [partition] },
    { group: 'notification-service', state: 'Dead', members: 0, lag: 0, partitions: [] },
  ]
  assert.equal(
    plain(lagText(groups)),
    `GROUP                 STATE   MEMBERS             LAG
analytics-service     Stable        1               2
notification-service  Dead          0  has never read

GROUP              TOPIC           PARTITION  COMMITTED  END  LAG  READER
analytics-service  reviews.events          0          7    9    2  worker-1
`,
  )
})
