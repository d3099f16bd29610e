import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import { AppError } from '../../src/platform/errors.ts'
import { createKafka } from '../../src/platform/kafka/kafka.ts'
import { deadLetterRecord } from '../../src/platform/messaging/dead-letters.ts'
import { OwnStack } from '../support/own-stack.ts'
import { silent } from '../support/silent.ts'
import { until } from '../support/until.ts'
import { Browser } from './browser.ts'

/** The operator's tasks, each as a person does it: by what the page says, never by what its parts are called. */

let stack: OwnStack
let browser: Browser
let apiUrl: string
let brokers: string

before(async () => {
  stack = await OwnStack.start('browser')
  const { stdout } = await stack.thereview('status', '--json')
  const { parts } = JSON.parse(stdout) as { parts: { name: string; url: string }[] }
  const urlOf = (name: string) => parts.find((part) => part.name === name)?.url ?? assert.fail(name)
  apiUrl = urlOf('api')
  brokers =
    /KAFKA_BROKERS='?([^'\n]+)/.exec((await stack.thereview('env')).stdout)?.[1] ?? assert.fail('brokers')
  browser = await Browser.start(urlOf('ops'))
})

after(async () => {
  await browser?.stop()
  await stack?.stop()
})

afterEach(() => {
  assert.deepEqual(browser.errors.splice(0), [], 'the page has errors')
})

async function postReview(user: string): Promise<string> {
  const body = { entity_type: 'product', entity_id: 'p-1', user_id: user, rating: 4.5, content: 'Well made.' }
  const headers = { 'content-type': 'application/json' }
  const answer = await fetch(`${apiUrl}/api/v1/reviews`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  assert.equal(answer.status, 201)
  return ((await answer.json()) as { review_id: string }).review_id
}

test('one glance says that reviews are on time, and the pages have no barriers', async () => {
  const { page } = browser
  await postReview('hanna')
  await page.goto('/')
  await page.getByRole('heading', { name: 'Reviews are on time' }).waitFor()
  await page.getByText('live', { exact: true }).waitFor()
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await browser.keep(`home-${scheme}`)
    assert.deepEqual(await browser.barriers(), [], `home, ${scheme}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  for (const path of ['/journey', '/dead-letters', '/groups', '/topics', '/cluster', '/schemas', '/audit']) {
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await browser.settled()
    assert.deepEqual(await browser.barriers(), [], path)
  }
})

test('keys lead everywhere, and the palette takes an id', async () => {
  const { page } = browser
  await page.goto('/')
  await page.getByRole('heading', { name: 'Reviews are on time' }).waitFor()
  await page.keyboard.press('g')
  await page.keyboard.press('t')
  await page.getByRole('heading', { name: 'Topics' }).waitFor()
  await page.getByText('reviews.events').waitFor()
  for (const key of ['j', 'j', 'k', 'Enter']) await page.keyboard.press(key)
  await page.getByRole('heading', { name: 'analytics.events' }).waitFor()
  const review = await postReview('ivo')
  await page.goto('/')
  await page.getByRole('heading', { name: 'Reviews are on time' }).waitFor()
  await page.keyboard.press('/')
  await page.getByRole('textbox', { name: 'Search' }).waitFor()
  await page.keyboard.type(review)
  await page.getByText('A review, event, correlation or trace id').click()
  await page.getByText('Found as a review').waitFor()
})

test('why a review’s mail is late: the server is away, and the journey shows each try', async () => {
  const { page } = browser
  await stack.thereview('stop', 'mail')
  const review = await postReview('jana')
  await page.goto('/')
  await page.getByRole('heading', { name: 'Mails are late' }).first().waitFor({ timeout: 60_000 })
  await page.getByText('The mail server does not answer').waitFor()
  await page.getByText('npm run -s thereview -- start mail').waitFor()
  await browser.keep('late-mail-home')

  await page.goto(`/journey?id=${review}`)
  await page.getByText('notification-service will try again').first().waitFor()
  await browser.keep('late-mail-journey')
  await stack.thereview('start', 'mail')
  await page.getByText('Mail sent').waitFor({ timeout: 90_000 })
  await browser.keep('late-mail-sent')
  assert.deepEqual(await browser.barriers(), [])
})

test('a group of letters is replayed: dry run, progress, outcome', async () => {
  const { page } = browser
  await deadLettersOf(await postReview('karl'), 12)
  await page.goto('/dead-letters')
  const row = page.getByRole('row', { name: /12 letters of analytics-service/ })
  await row.waitFor()
  await browser.keep('letters')
  await row.getByRole('button', { name: 'Replay…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Dry run: 12 letters would be sent').waitFor()
  await browser.keep('letters-dry-run')
  assert.deepEqual(await browser.barriers(), [])
  await dialog.getByRole('button', { name: 'Replay', exact: true }).click()
  await page.getByText('12 resolved').waitFor({ timeout: 60_000 })
  await page.getByText('No open dead letters').waitFor()
  await browser.keep('letters-replayed')
})

test('a group is reset only while it is inactive, after a preview', async () => {
  const { page } = browser
  await page.goto('/groups/analytics-service')
  await page.getByRole('button', { name: 'Reset offsets…' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Not while the group has 1 member').waitFor()
  await browser.keep('reset-refused')
  await stack.thereview('stop', 'analytics-worker')
  await dialog.getByText('Not while the group has').waitFor({ state: 'detached' })
  await dialog
    .getByText(/records? comes? again/)
    .first()
    .waitFor()
  await dialog.getByLabel('Type analytics-service to confirm').fill('analytics-service')
  await browser.keep('reset-preview')
  await dialog.getByRole('button', { name: 'Reset', exact: true }).click()
  await page.getByText('Offsets are set').waitFor()
  await page.getByText('analytics-service has no members').waitFor()
  await browser.keep('reset-done')
  await stack.thereview('start', 'analytics-worker')
  await page.getByText('caught up').waitFor({ timeout: 60_000 })
})

test('a topic is watched, and its values are text', async () => {
  const { page } = browser
  await page.goto('/topics/reviews.events')
  await page.getByRole('button', { name: 'Watch live' }).click()
  const review = await until('the watch has begun', async () => {
    const id = await postReview(`user-${performance.now()}`)
    const row = page.getByRole('row', { name: /Partition \d, offset/ }).first()
    return (
      (await row.waitFor({ timeout: 2_000 }).then(
        () => true,
        () => false,
      )) && id
    )
  })
  assert.ok(review)
  await browser.keep('topic-watched')
  await page
    .getByRole('row', { name: /Partition \d, offset/ })
    .first()
    .click()
  await page.getByText('"content": "•••"').waitFor()
  await page.getByRole('button', { name: 'Reveal personal data' }).click()
  await page.getByText('"content": "Well made."').waitFor()
  await browser.keep('message-revealed')
  await page.goto('/audit')
  await page.getByText('personal_data.revealed').first().waitFor()
})

test('a phone shows what is late, without scrolling sideways', async () => {
  const { page } = browser
  await page.setViewportSize({ width: 390, height: 844 })
  for (const path of ['/', '/dead-letters', '/groups', '/topics/reviews.events']) {
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    const [inner, outer] = await page.evaluate<number[]>('[document.documentElement.scrollWidth, innerWidth]')
    assert.ok((inner ?? 0) <= (outer ?? 0), `${path} is ${inner} wide on a page of ${outer}`)
    await browser.keep(`phone${path.replaceAll(/[/.]/g, '-')}`)
  }
  await page.setViewportSize({ width: 1280, height: 860 })
})

/** Letters of an event that its group has long applied: a replay resolves them all. */
async function deadLettersOf(review: string, count: number): Promise<void> {
  const kafka = createKafka({
    brokers: brokers.split(','),
    prefix: '',
    clientId: 'browser test',
    log: silent,
  })
  const reader = kafka.recordReader()
  const producer = kafka.producer()
  try {
    const record = await until('the event is on its topic', async () => {
      const read = await Promise.all(
        [0, 1, 2].map((partition) => reader.read('reviews.events', partition, 0n)),
      )
      return read.flat().find(({ key }) => key?.toString() === review)
    })
    const now = new Date()
    const error = new AppError('handler_error', 'fatal', 'x is not a function')
    await producer.send(
      Array.from({ length: count }, (_, nth) =>
        deadLetterRecord('analytics-service', {
          record: { ...record, offset: record.offset + BigInt(1_000 + nth) },
          error,
          attempts: 1,
          firstFailedAt: now,
          failedAt: now,
        }),
      ),
    )
  } finally {
    await Promise.all([reader.close(), producer.close()])
  }
}
