// The page at /docs in real Chromium: whole, by itself, in light and dark.
import assert from 'node:assert/strict'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import { apiWithoutParts } from '../../scripts/client/api-document.ts'
import { Browser } from './browser.ts'

let origin: string
let stopApi: () => Promise<void>
let browser: Browser
const requested: string[] = []

before(async () => {
  const { app, stop } = await apiWithoutParts({ open: true })
  stopApi = stop
  await app.listen({ host: '127.0.0.1', port: 0 })
  origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
  browser = await Browser.start(origin)
  browser.page.on('request', (request) => requested.push(request.url()))
})

after(async () => {
  await browser?.stop()
  await stopApi?.()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`in ${colorScheme} it shows the document, and asks no other server for anything`, async () => {
    const { page } = browser
    await page.emulateMedia({ colorScheme })
    await page.goto('/docs')
    await page.getByRole('heading', { name: 'TheReview' }).first().waitFor()
    await browser.keep(`api-reference-${colorScheme}`)
    await page.getByText('Write a review', { exact: true }).first().click()
    await page.getByText('Names this request').first().waitFor()
    await browser.keep(`api-reference-${colorScheme}-operation`)
    assert.deepEqual(
      requested.filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith('data:')),
      [],
    )
    // Anything that the policy refuses is written to the console as an error.
    assert.deepEqual(browser.errors, [])
  })
}

test('a call can be tried from the page', async () => {
  const { page } = browser
  await page.goto('/docs#tag/service/GET/health/live')
  await page
    .getByRole('button', { name: /test request.*health\/live/i })
    .first()
    .click()
  await page.getByRole('button', { name: /^send/i }).first().click()
  await page.getByText('200 OK').first().waitFor()
})
