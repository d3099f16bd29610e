import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '../support/until.ts'
import type { OperatorsDesk } from './operators-desk.ts'

/** The operator's main tasks, each as a person does it: by what the page says, never by what its parts are called. */
export function mainTasks(desk: () => OperatorsDesk): void {
  test('one glance says that reviews are on time, and how long they take', async () => {
    const { browser } = desk()
    const { page } = browser
    await desk().postReview('hanna')
    await page.goto('/')
    await page.getByText('half within').waitFor()
    // What the start of the stack made slow is over within a minute.
    await page.getByRole('heading', { name: 'Reviews are on time', exact: true }).waitFor({ timeout: 90_000 })
    await page.getByText('live', { exact: true }).waitFor()
    await browser.keep('on-time')
  })

  test('why a review’s mail is late: the server is away, and the journey shows each try', async () => {
    const { stack, browser } = desk()
    const { page } = browser
    await stack.thereview('stop', 'mail')
    const review = await desk().postReview('jana')
    await page.goto('/')
    await page.getByRole('heading', { name: 'Mails are late' }).first().waitFor({ timeout: 60_000 })
    await page.getByText('The mail server does not answer').waitFor()
    await page.getByText('npm run -s thereview -- start mail').waitFor()
    await browser.keep('late-mail-home')

    await page.keyboard.press('/')
    await page.getByRole('textbox', { name: 'Search' }).fill(review)
    await page.getByText('A review, event, correlation or trace id').click()
    await page.getByText('notification-service will try again').first().waitFor()
    await browser.keep('late-mail-journey')
    await stack.thereview('start', 'mail')
    await page.getByText('Mail sent').waitFor({ timeout: 90_000 })
    await browser.keep('late-mail-sent')
  })

  test('a group of letters is replayed: dry run, progress, outcome', async () => {
    const { browser } = desk()
    const { page } = browser
    await desk().deadLettersOf(await desk().postReview('karl'), 12)
    await page.goto('/')
    await page.getByRole('heading', { name: '12 dead letters are open' }).first().waitFor({ timeout: 60_000 })
    await page.getByText('all of the key').waitFor()
    await page.getByRole('link', { name: 'Dead letters →' }).click()
    const row = page.getByRole('row', { name: /12 letters of analytics-service/ })
    await row.waitFor()
    await row.getByRole('button', { name: 'Replay…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Dry run: 12 letters would be sent').waitFor()
    await browser.keep('letters-dry-run')
    await dialog.getByRole('button', { name: 'Replay', exact: true }).click()
    await page.getByText('12 resolved').waitFor({ timeout: 60_000 })
    await page.getByText('No open dead letters').waitFor()
    await browser.keep('letters-replayed')
  })

  test('a group is reset only while it is inactive, after a preview', async () => {
    const { stack, browser } = desk()
    const { page } = browser
    await page.goto('/groups/analytics-service')
    await page.getByRole('button', { name: 'Reset offsets…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Not while the group has 1 member').waitFor()
    await dialog.getByText('Stop its members first').waitFor()
    await browser.keep('reset-refused')
    await stack.thereview('stop', 'analytics-worker')
    await dialog.getByText('Not while the group has').waitFor({ state: 'detached' })
    await dialog
      .getByText(/records? comes? again/)
      .first()
      .waitFor()
    assert.equal(await dialog.getByRole('button', { name: 'Reset', exact: true }).isEnabled(), false)
    await dialog.getByLabel('Type analytics-service to confirm').fill('analytics-service')
    await browser.keep('reset-preview')
    await dialog.getByRole('button', { name: 'Reset', exact: true }).click()
    await page.getByText('Offsets are set').waitFor()
    await page.getByText('analytics-service has no members').waitFor()
    await browser.keep('reset-done')
    await stack.thereview('start', 'analytics-worker')
    await page.getByText('caught up', { exact: true }).waitFor({ timeout: 60_000 })
  })

  test('a topic is watched, and its values are text', async () => {
    const { browser } = desk()
    const { page } = browser
    await page.goto('/topics/reviews.events')
    await page.getByRole('button', { name: 'Watch live' }).click()
    const row = page.getByRole('row', { name: /Partition \d, offset/ }).first()
    await until('the watch has begun', async () => {
      await desk().postReview(`user-${performance.now()}`)
      return row.waitFor({ timeout: 2_000 }).then(
        () => true,
        () => false,
      )
    })
    await browser.keep('topic-watched')
    await row.click()
    await page.getByText('"content": "•••"').waitFor()
    await page.getByRole('button', { name: 'Reveal personal data' }).click()
    await page.getByText('"content": "Well made."').waitFor()
    await browser.keep('message-revealed')
    await page.goto('/audit')
    await page.getByText('personal_data.revealed').first().waitFor()
  })
}
