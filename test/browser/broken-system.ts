import assert from 'node:assert/strict'
import { before, type TestContext, test } from 'node:test'
import type { OperatorsDesk } from './operators-desk.ts'

/** What is broken, and what Home has to say of it: what, where and why, and what to do. */
const faults = [
  {
    part: 'analytics-worker',
    says: 'analytics-service has no members',
    why: 'analytics-worker is not running',
  },
  { part: 'relay', says: 'No relay is running', why: 'Nobody publishes them' },
  { part: 'kafka-2', says: 'Broker 2 is away', why: 'Reading and writing go on' },
  { part: 'redis', says: 'The API cannot reach redis', why: 'Reads go to Postgres' },
] as const

const secondsToSay = 20

/** Parts are stopped that the console was told nothing of. */
export function brokenSystem(desk: () => OperatorsDesk): void {
  before(async () => {
    const { page } = desk().browser
    await page.setViewportSize({ width: 1280, height: 860 })
    await page.emulateMedia({ colorScheme: 'light' })
  })

  for (const { part, says, why } of faults) {
    test(`without ${part} Home says within ${secondsToSay} s: ${says}`, async (context) => {
      const { browser, stack, consoleUrl } = desk()
      const { page } = browser
      await page.goto(consoleUrl)
      await page.getByText('live', { exact: true }).waitFor()
      await stack.thereview('stop', part)
      const began = performance.now()
      if (part !== 'kafka-2') await desk().postReview(`without-${part}`)
      const problem = page.getByRole('article').filter({ hasText: says })
      await problem.waitFor({ timeout: secondsToSay * 1000 })
      await problem.getByText(why).waitFor()
      await problem.getByText(`npm run -s thereview -- start ${part}`).waitFor()
      report(context, part, began)
      await browser.keep(`without-${part}`)
      assert.deepEqual(await browser.barriers(), [])
      await stack.thereview('start', part)
      await problem.waitFor({ state: 'detached', timeout: 60_000 })
    })
  }
}

function report(context: TestContext, part: string, began: number): void {
  context.diagnostic(`${part}: said after ${Math.round((performance.now() - began) / 100) / 10} s`)
}
