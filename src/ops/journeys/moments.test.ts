import assert from 'node:assert/strict'
import { test } from 'node:test'
import { momentsOf, type Noted } from './moments.ts'

const at = (ms: number) => new Date(Date.UTC(2026, 0, 1) + ms)
const range = (attempt: number, ms: number) => ({
  group: 'g',
  topic: 't',
  partition: 1,
  firstOffset: 0,
  lastOffset: 9,
  firstPosition: 1,
  lastPosition: 20,
  attempt,
  settledAt: at(ms),
})
const noted: Noted = {
  occurredAt: at(0),
  position: 7,
  version: 1,
  place: { topic: 't', partition: 1, offset: 3 },
  passage: {
    publications: [{ firstPosition: 1, lastPosition: 20, publishedAt: at(5) }],
    settlements: [range(1, 12)],
    failures: [],
  },
  notices: [],
  letters: [],
  groups: [{ group: 'g', committed: 4 }],
  revision: undefined,
}
const titles = (of: Noted) => momentsOf(of).map(({ title, after_ms }) => [title, after_ms])

test('what went well is told in its order, with the milliseconds since the event', () =>
  assert.deepEqual(titles(noted), [
    ['Accepted', 0],
    ['In the log', null],
    ['Published', 5],
    ['g is done', 12],
  ]))

test('what is done was published, though the relay hears of it a moment later', () => {
  const settlements = [{ ...range(1, 2), partition: 2 }, range(1, 4)]
  assert.deepEqual(titles({ ...noted, passage: { ...noted.passage, settlements } }).slice(2), [
    ['Published', 4],
    ['g is done', 4],
  ])
})

test('a batch that had the event, and failed with it, is not its end', () => {
  const failure = {
    group: 'g',
    position: 7,
    topic: 't',
    partition: 1,
    offset: 3,
    errorCode: 'mail_unavailable',
  }
  const failures = [{ ...failure, attempt: 1, outcome: 'retry' as const, failedAt: at(12) }]
  const settlements = [range(1, 12), range(2, 5_012)]
  assert.deepEqual(titles({ ...noted, passage: { ...noted.passage, settlements, failures } }).slice(3), [
    ['g will try again', 12],
    ['g is done', 5_012],
  ])
})

test('what a group of another partition did says nothing', () => {
  const settlements = [{ ...range(1, 12), partition: 2 }]
  const waiting = {
    ...noted,
    passage: { ...noted.passage, settlements },
    groups: [{ group: 'g', committed: 1 }],
  }
  assert.deepEqual(titles(waiting).at(-1), ['g has not read it', null])
})

test('what nobody has published waits for the relay', () => {
  const passage = { publications: [], settlements: [], failures: [] }
  const place = { ...noted.place, offset: null }
  assert.equal(titles({ ...noted, passage, place })[2]?.[0], 'Not published yet')
})
