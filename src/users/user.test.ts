import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changePreferences, defaultPreferences, register, update } from './user.ts'

const at = '2026-11-23T10:30:00.000Z'
const later = '2026-11-23T10:31:00.000Z'
const profile = { email: 'ada@example.test', name: 'Ada', locale: null }
const { user } = register('user-1', profile, at)

test('a registration names the fields that are set, and never what is in them', () => {
  const { user, event } = register('user-1', profile, at)
  assert.deepEqual(user, {
    user_id: 'user-1',
    ...profile,
    preferences: defaultPreferences,
    version: 1,
    created_at: at,
    updated_at: at,
  })
  assert.deepEqual(event, {
    event_type: 'user.registered.v1',
    data: { user_id: 'user-1', changed: ['email', 'name'] },
  })
  assert.ok(!JSON.stringify(event).includes('ada@'))
})

test('an update names what changed, and one that changes nothing is no event', () => {
  const decision = update(user, { ...profile, name: null }, later)
  assert.deepEqual(decision?.event.data, { user_id: 'user-1', changed: ['name'] })
  assert.equal(decision?.user.version, 2)
  assert.equal(decision?.user.updated_at, later)
  assert.equal(update(user, profile, later), null)
})

test('preferences that are absent stay, and equal ones are no event', () => {
  const decision = changePreferences(user, { email: { review_created: false } }, later)
  assert.deepEqual(decision?.user.preferences.email, { ...defaultPreferences.email, review_created: false })
  assert.deepEqual(decision?.event.data, { user_id: 'user-1', changed: ['email.review_created'] })
  assert.equal(changePreferences(user, { email: { review_created: true } }, later), null)
  assert.equal(changePreferences(user, {}, later), null)
})

test("a user's time never runs backwards", () => {
  assert.equal(update({ ...user, updated_at: later }, { ...profile, name: 'A' }, at)?.user.updated_at, later)
})
