import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OperatorsDesk } from './operators-desk.ts'

/** Whatever is done with the pointer can be done with keys. */
export function keyboard(desk: () => OperatorsDesk): void {
  test('keys lead everywhere: g and a letter, j and k, Enter, Esc and back', async () => {
    const { page } = desk().browser
    await page.goto('/')
    await page.getByText('live', { exact: true }).waitFor()
    await page.keyboard.press('g')
    await page.keyboard.press('t')
    await page.getByRole('heading', { name: 'Topics' }).waitFor()
    await page.getByText('reviews.events').waitFor()
    for (const key of ['j', 'j', 'k', 'Enter']) await page.keyboard.press(key)
    await page.getByRole('heading', { name: 'analytics.events' }).waitFor()
    await page.goto('/schemas')
    await page.getByText('review.created.v1').waitFor()
    for (const key of ['j', 'Enter']) await page.keyboard.press(key)
    await page.getByRole('dialog').waitFor()
    assert.match(page.url(), /subject=/)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    // Who closes a sheet goes on from the row that it was opened from.
    assert.equal(await page.evaluate('document.activeElement?.hasAttribute("data-row")'), true)
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor()
    await page.keyboard.press('Escape')
  })

  test('the palette goes to pages, groups and topics, and takes an id', async () => {
    const { page } = desk().browser
    const review = await desk().postReview('ivo')
    await page.goto('/')
    await page.getByText('live', { exact: true }).waitFor()
    await goBy('cache-inv', 'Consumer group')
    // At once: the palette is still fading when it is called again.
    await goBy('users.ev', 'Topic')
    await page.getByRole('heading', { name: 'users.events' }).waitFor()
    await goBy(review, 'A review, event, correlation or trace id')
    await page.getByText('Found as a review').waitFor()
  })

  test('the palette takes the first that fits, also where it came after the text', async () => {
    const { page } = desk().browser
    await page.goto('/')
    await page.getByText('live', { exact: true }).waitFor()
    const asked = Promise.withResolvers<void>()
    await page.route('**/api/ops/v1/topics', async (route) => {
      await asked.promise
      await route.continue()
    })
    try {
      await page.keyboard.press('Control+k')
      await page.getByRole('textbox', { name: 'Search' }).fill('users.ev')
      // Long enough to be an id, so there is something to take before there are topics.
      await page.getByRole('dialog').getByText('Journey of').waitFor()
      asked.resolve()
      await page.getByRole('dialog').getByText('Topic', { exact: true }).waitFor()
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: 'users.events' }).waitFor()
    } finally {
      asked.resolve()
      await page.unroute('**/api/ops/v1/topics')
    }
  })

  async function goBy(text: string, choice: string): Promise<void> {
    const { page } = desk().browser
    await page.keyboard.press('Control+k')
    await page.getByRole('textbox', { name: 'Search' }).fill(text)
    await page.getByRole('dialog').getByText(choice, { exact: true }).waitFor()
    await page.keyboard.press('Enter')
  }
}
