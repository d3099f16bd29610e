import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { OperatorsDesk } from './operators-desk.ts'

interface View {
  readonly path: string
  /** What has to be done there, and waited for, before it is looked at. */
  readonly show?: (page: Page) => Promise<unknown>
}

const open = (button: string) => async (page: Page) => {
  await page.getByRole('button', { name: button }).first().click()
  await page.getByRole('dialog').waitFor()
}
const openRow = (name: RegExp) => async (page: Page) => {
  await page.getByRole('row', { name }).first().press('Enter')
  await page.getByRole('dialog').waitFor()
}

/** Every page, every page of one thing, and every dialog. `REVIEW` is an id that is there. */
const views: Readonly<Record<string, View>> = {
  home: { path: '/', show: (page) => page.getByText('live', { exact: true }).waitFor() },
  'journey-empty': { path: '/journey' },
  'journey-not-found': { path: '/journey?id=019a0000-0000-7000-8000-000000000000' },
  journey: { path: '/journey?id=REVIEW', show: (page) => page.getByText('Found as a review').waitFor() },
  'dead-letters': {
    path: '/dead-letters',
    show: (page) => page.getByText('handler_error').first().waitFor(),
  },
  'dead-letters-none': { path: '/dead-letters?state=quarantined' },
  'dead-letters-of-a-cause': {
    path: '/dead-letters',
    show: async (page) => {
      await page
        .getByRole('row', { name: /letters? of/ })
        .first()
        .press('Enter')
      await page
        .getByRole('row', { name: /^Letter \d/ })
        .first()
        .waitFor()
    },
  },
  letter: { path: '/dead-letters?letter=0', show: (page) => page.getByText('"event_id"').waitFor() },
  'replay-dialog': { path: '/dead-letters', show: open('Replay…') },
  'discard-dialog': { path: '/dead-letters', show: open('Discard…') },
  groups: { path: '/groups' },
  group: { path: '/groups/notification-service', show: (page) => page.getByText('Catches up').waitFor() },
  'group-unknown': { path: '/groups/nobody' },
  'reset-dialog': { path: '/groups/cache-invalidation-service', show: open('Reset offsets…') },
  topics: { path: '/topics' },
  'create-dialog': { path: '/topics', show: open('Create…') },
  topic: {
    path: '/topics/reviews.events',
    show: (page) => page.getByText('review.created.v1').first().waitFor(),
  },
  'topic-partitions': { path: '/topics/reviews.events?tab=partitions' },
  'topic-groups': { path: '/topics/reviews.events?tab=groups' },
  'topic-settings': { path: '/topics/reviews.events?tab=settings' },
  'topic-empty': { path: '/topics/of.others', show: (page) => page.getByText('Nothing found').waitFor() },
  'retention-dialog': { path: '/topics/of.others', show: open('Retention…') },
  'delete-dialog': { path: '/topics/of.others', show: open('Delete…') },
  message: { path: '/topics/reviews.events', show: openRow(/Partition \d, offset/) },
  cluster: { path: '/cluster', show: (page) => page.getByText('leads').first().waitFor() },
  schemas: { path: '/schemas' },
  schema: { path: '/schemas', show: openRow(/review\.created\.v1/) },
  audit: { path: '/audit' },
  'keyboard-help': {
    path: '/audit',
    show: async (page) => {
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
    },
  },
  palette: {
    path: '/audit',
    show: async (page) => {
      await page.keyboard.press('Control+k')
      await page.getByRole('textbox', { name: 'Search' }).waitFor()
    },
  },
  'no-such-page': { path: '/nowhere' },
}

const widths = { wide: { width: 1280, height: 860 }, narrow: { width: 390, height: 844 } } as const
const schemes = ['light', 'dark'] as const

/** Each view is opened once, and looked at in light and dark, wide and narrow. */
export function looks(desk: () => OperatorsDesk): void {
  let review: string

  before(async () => {
    const { page } = desk().browser
    review = await desk().postReview('lotte')
    await desk().deadLettersOf(review, 3)
    await page.goto(`${desk().consoleUrl}/topics`)
    await open('Create…')(page)
    await page.getByRole('dialog').getByLabel(/^Name/).fill('of.others')
    await page.keyboard.press('Enter')
    await page.getByText('of.others is created').waitFor()
  })

  for (const [name, { path, show }] of Object.entries(views)) {
    test(`${name}: nothing is in the way of anybody, and nothing is wider than the page`, async () => {
      const { browser, consoleUrl } = desk()
      const { page } = browser
      await page.setViewportSize(widths.wide)
      await page.goto(consoleUrl + path.replace('REVIEW', review))
      await page.getByRole('heading', { level: 1 }).waitFor()
      await browser.settled()
      await show?.(page)
      await browser.settled()
      for (const [width, size] of Object.entries(widths)) {
        await page.setViewportSize(size)
        for (const colorScheme of schemes) {
          await page.emulateMedia({ colorScheme })
          await browser.keep(`looks/${name}-${width}-${colorScheme}`)
          assert.deepEqual(await browser.barriers(), [], `${name}, ${width}, ${colorScheme}`)
        }
        const [inner = 0, outer = 0] = await page.evaluate<number[]>(
          '[document.documentElement.scrollWidth, innerWidth]',
        )
        assert.ok(inner <= outer, `${name} is ${inner} wide on a page of ${outer}`)
      }
      // What is not there is refused, and is meant to be.
      if (/unknown|no-such/.test(name)) browser.errors.splice(0)
    })
  }
}
