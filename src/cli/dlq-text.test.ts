import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { letterText } from './dlq-show.ts'
import { jobText, planText } from './dlq-text.ts'

const clearScreen = '\u001b[2J'
const reason = 'undecodable: the value is not a JSON object'

test('a dry run says how many, to whom, which keys, and what would fail again and why', () => {
  const text = planText(
    {
      letters: 14,
      keys: [`a${clearScreen}`, ...Array.from({ length: 11 }, (_, nth) => `key-${nth}`)],
      decodable: 1,
      undecodable: [
        { letter_id: 12, reason: 'its record is not on the topic any more' },
        ...Array.from({ length: 12 }, (_, nth) => ({ letter_id: nth, reason })),
      ],
      superseded: [13],
      byGroup: { 'analytics-service': 13, 'notification-service': 1 },
    },
    50,
  )
  assert.equal(
    text,
    `14 letters: 13 to analytics-service, 1 to notification-service
keys        a [2J
            key-0
            key-1
            key-2
            key-3
            key-4
            key-5
            key-6
            key-7
            key-8
            …
decode now  1 of 14
            12 do not: ${reason} (letters 0 1 2 3 4 5 6 7 8 9 …)
            1 do not: its record is not on the topic any more (letters 12)
superseded  1 by newer events of the same key: letters 13

Nothing was sent. Without --dry-run they go to these groups alone, 50 a second.
What does not decode would fail again: mend its reader first, or discard it.
`,
  )
})

test('a replay that fails again says where to look', () => {
  const job = {
    replay_id: 'r1',
    state: 'done',
    rate_per_second: 50,
    created_by: 'cli:root',
    created_at: new Date(),
    finished_at: null,
    pending: 0,
    sent: 0,
    resolved: 2,
    failed: 1,
    skipped: 0,
  } as const
  assert.equal(
    stripVTControlCharacters(jobText(job)),
    `2 resolved, 1 failed again, 0 skipped
thereview dlq groups says why. A letter that fails 5 replays is quarantined.
replay r1
`,
  )
  assert.doesNotMatch(jobText({ ...job, failed: 0 }), /groups/)
})

const at = new Date('2026-11-25T10:00:00Z')
const letter = {
  letter_id: 7,
  record_offset: 7,
  consumer_group: 'analytics-service',
  original_topic: 'reviews.events',
  original_partition: 0,
  original_offset: 30,
  record_key: `key${clearScreen}`,
  event_id: null,
  event_type: null,
  error_code: 'undecodable',
  error_message: 'the value is not a JSON object',
  attempts: 1,
  first_failed_at: at,
  failed_at: at,
  state: 'open',
  replays: 0,
  discard_reason: null,
} as const

test('a letter is shown with its headers and value, none of which steers the terminal', () => {
  const record = {
    topic: 'deadletter.queue',
    partition: 0,
    offset: 7n,
    timestamp: 0n,
    key: Buffer.from('key'),
    value: Buffer.from(`a${clearScreen}\nb`),
    headers: [
      [Buffer.from('x-own'), Buffer.from(clearScreen)],
      [Buffer.from('x-none'), null],
    ],
  } as const
  assert.equal(
    stripVTControlCharacters(letterText(letter, record)),
    `Letter       7, open
Failed in    analytics-service; attempts: 1, replays: 0
Error        undecodable: the value is not a JSON object
First, last  2026-11-25T10:00:00.000Z, 2026-11-25T10:00:00.000Z
Came from    reviews.events partition 0 offset 30
Key          key [2J
Event        (unknown)
Headers      x-own:  [2J
             x-none: (none)
a [2J
b`,
  )
})

test('a letter without its value says where that lies, and shows it', () => {
  const aside = { ...letter, error_code: 'record_too_large' }
  const value = Buffer.from('{}')
  const record = {
    topic: 'reviews.events',
    partition: 0,
    offset: 30n,
    timestamp: 0n,
    key: null,
    value,
    headers: [],
  }
  const shown = (found: typeof record | null) => stripVTControlCharacters(letterText(aside, found))
  assert.match(
    shown(record),
    /too large for it\. What lies on reviews\.events, until its retention ends:\n\{\}$/,
  )
  assert.match(shown(null), /retention ends:\nIts record is not there any more\.$/)
})
