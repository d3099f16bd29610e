import assert from 'node:assert/strict'
import { test } from 'node:test'
import { renderLetter } from '../render-letter.ts'
import { templateOf, templates } from './catalogue.ts'

const entity = { entity_type: 'product', entity_id: 'prod-123' }

const params: Readonly<Record<string, object>> = {
  review_created: { ...entity, rating: 4.5, title: 'Good value', content: 'Does what it says.' },
  review_updated: {
    ...entity,
    changes: { rating: { old: 5, new: 2.5 }, title: { old: 'Good value', new: null } },
  },
  review_deleted: { ...entity, rating: 3, reason: 'Names a person', deleted_by_author: false },
  message: { subject: 'Welcome', text: 'Good to have you here.' },
}

function render(name: string, given: unknown, reader = {}) {
  const draft = templateOf(name)?.draftFrom(given)
  assert.ok(typeof draft === 'function', JSON.stringify(draft))
  return renderLetter(draft(reader))
}

test('names of templates never change: commands say them, the ledger stores them', () => {
  assert.deepEqual(
    templates.map(({ name }) => name),
    ['review_created', 'review_updated', 'review_deleted', 'message'],
  )
})

test('each says in its subject and its text what happened', () => {
  const created = render('review_created', params.review_created, { name: 'Ann' })
  assert.equal(created.subject, 'Thank you for your review of product prod-123')
  assert.match(created.text, /Hello Ann,[\s\S]*★★★★½ 4\.5 out of 5\n {4}Good value\n {4}Does what it says\./)

  const updated = render('review_updated', params.review_updated)
  assert.equal(updated.subject, 'Your review of product prod-123 was changed')
  assert.match(updated.text, /before: ★★★★★ 5 out of 5\n {4}now: ★★½☆☆ 2\.5 out of 5/)
  assert.match(updated.text, /before: Good value\n {4}now: none/)
  assert.doesNotMatch(updated.text, /^Review$/m)

  const deleted = render('review_deleted', params.review_deleted)
  assert.equal(deleted.subject, 'Your review of product prod-123 was deleted')
  assert.match(deleted.text, /A moderator deleted[\s\S]*Reason\n {4}Names a person/)

  const message = render('message', params.message)
  assert.equal(message.subject, 'Welcome')
  assert.match(message.text, /Hello,\n\nGood to have you here\./)
})

test('a deletion without a reason gives none, and knows its author', () => {
  const { text } = render('review_deleted', { ...entity, rating: 3, reason: null, deleted_by_author: true })
  assert.match(text, /As you asked/)
  assert.doesNotMatch(text, /Reason/)
})

const hostile = `<img src=x onerror=alert(1)>"'&\r\nBcc: eve@example.test`
const hostileParams: Readonly<Record<string, object>> = {
  review_created: { entity_type: hostile, entity_id: hostile, rating: 1, title: hostile, content: hostile },
  review_updated: {
    entity_type: hostile,
    entity_id: hostile,
    changes: { title: { old: hostile, new: hostile }, content: { old: hostile, new: hostile } },
  },
  review_deleted: {
    entity_type: hostile,
    entity_id: hostile,
    rating: 1,
    reason: hostile,
    deleted_by_author: false,
  },
  message: { subject: hostile, text: hostile },
}
for (const { name } of templates) {
  test(`${name} escapes whatever strangers wrote, and keeps it out of the headers`, () => {
    const { subject, html } = render(name, hostileParams[name], { name: hostile })
    assert.doesNotMatch(html, /<img|onerror=alert\(1\)>/)
    assert.match(html, /&lt;img src=x onerror=alert\(1\)&gt;&quot;&#39;&amp;/)
    assert.doesNotMatch(subject, /[\r\n]/)
    assert.ok(subject.length <= 150)
  })

  test(`${name} needs nothing from the network, and its text is free of markup`, () => {
    const { html, text } = render(name, params[name])
    assert.doesNotMatch(html, /https?:|url\(|<img|<link|<script/)
    assert.doesNotMatch(text, /<[a-z/]/)
  })
}

test('params that do not fit are refused, with where and why but not what', () => {
  const draft = templateOf('review_created')?.draftFrom({ ...params.review_created, rating: 'secret' })
  assert.deepEqual(draft, { invalid: '/rating must be number' })
  assert.deepEqual(templateOf('message')?.draftFrom({ subject: 'x' }), {
    invalid: '/ must have required properties text',
  })
})

test('a long quote is cut, and a long id never hides what a subject says', () => {
  const deleted = { ...params.review_deleted, entity_id: 'x'.repeat(200) }
  assert.match(render('review_deleted', deleted).subject, /x… was deleted$/)
  const created = render('review_created', { ...params.review_created, content: 'y'.repeat(10_000) })
  assert.match(created.text, /y…/)
  assert.ok(created.text.length < 1_000)
})
