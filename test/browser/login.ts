import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Role } from '../../src/platform/identity/identity.ts'
import { signToken } from '../../src/platform/identity/tokens.ts'
import { startSecondConsole } from '../support/second-console.ts'
import { testSecret } from '../support/tokens.ts'
import type { OperatorsDesk } from './operators-desk.ts'

/** The console outside local mode: the same stack, seen through an ops service that asks who it is. */
export function login(desk: () => OperatorsDesk): void {
  let guarded: Awaited<ReturnType<typeof startSecondConsole>>

  before(async () => {
    guarded = await startSecondConsole(desk().stack, { AUTH_SECRET: testSecret, ENVIRONMENT: 'guarded' })
  })
  after(async () => {
    await desk().browser.page.goto('about:blank')
    forgetRefusals()
    await guarded?.stop()
  })

  const tokenOf = (subject: string, roles: readonly Role[], expiresInSeconds = 300) =>
    signToken(testSecret, { subject, roles, expiresInSeconds })
  const logIn = async (token: string) => {
    const { page } = desk().browser
    await page.getByLabel(/^Token/).fill(token)
    await page.keyboard.press('Enter')
  }
  const open = (path: string) => desk().browser.page.goto(guarded.url + path)
  const logOut = () => desk().browser.page.getByRole('button', { name: 'Log out' }).click()
  /** What is refused is an error in the browser's own list, and is meant to be. */
  const forgetRefusals = () => {
    const { errors } = desk().browser
    const others = errors.splice(0).filter((text) => !/status of (401|403)/.test(text))
    assert.deepEqual(others, [])
  }

  test('nothing is shown without a token, and a wrong or an old one says what is wrong with it', async () => {
    const { browser } = desk()
    const { page } = browser
    await open('/groups/analytics-service?unit=seconds')
    await page.getByRole('heading', { name: 'TheReview console' }).waitFor()
    assert.equal(await page.getByText('analytics-service').count(), 0)
    await browser.keep('login')
    await logIn('not-a-token')
    await page.getByText('the Bearer token was refused: it is not a JWT').waitFor()
    await logIn(
      await signToken('another secret of 32 bytes or more', {
        subject: 'eve',
        roles: ['admin'],
        expiresInSeconds: 300,
      }),
    )
    await page.getByText('its signature is wrong').waitFor()
    await logIn(await tokenOf('otto', ['operator'], -60))
    await page.getByText('it has expired').waitFor()
    await browser.keep('login-expired')
    assert.deepEqual(await browser.barriers(), [])
    await logIn(await tokenOf('nora', []))
    await page.getByText('gives no role here').waitFor()
    forgetRefusals()
  })

  test('a link into the depth survives the login', async () => {
    const { page } = desk().browser
    await open('/groups/analytics-service?unit=seconds')
    await logIn(await tokenOf('vera', ['moderator']))
    await page.getByRole('heading', { name: 'analytics-service' }).waitFor()
    assert.equal(page.url(), `${guarded.url}/groups/analytics-service?unit=seconds`)
    await page.getByText('vera, viewer').waitFor()
    await logOut()
    forgetRefusals()
  })

  test('a viewer looks; what is not for them says which role it needs', async () => {
    const { browser } = desk()
    const { page } = browser
    const refusedBy = async (name: string) => {
      const button = page.getByRole('button', { name }).first()
      await button.focus()
      await page.getByRole('tooltip').getByText('This needs the role').waitFor()
      const said = await button.getAttribute('aria-description')
      await button.press('Enter')
      assert.equal(await page.getByRole('dialog').count(), 0)
      return said
    }
    await open('/groups/analytics-service')
    await logIn(await tokenOf('vera', ['moderator']))
    await page.getByRole('heading', { name: 'analytics-service' }).waitFor()
    assert.equal(await refusedBy('Reset offsets…'), 'This needs the role admin')
    await browser.keep('login-viewer')
    await open('/topics')
    assert.equal(await refusedBy('Create…'), 'This needs the role admin')
    await open('/dead-letters?state=all')
    await page.getByRole('heading', { name: 'By cause' }).waitFor()
    await logOut()
    forgetRefusals()
  })

  test('who logs out is out: the page before does not come back', async () => {
    const { page } = desk().browser
    await open('/topics')
    await logIn(await tokenOf('vera', ['moderator']))
    await page.getByText('reviews.events').waitFor()
    await logOut()
    await page.getByRole('heading', { name: 'TheReview console' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'TheReview console' }).waitFor()
    assert.equal(await page.evaluate('sessionStorage.length'), 0)
    forgetRefusals()
  })

  for (const [role, mayReset] of [
    ['operator', false],
    ['admin', true],
  ] as const) {
    test(`${role}: ${mayReset ? 'everything' : 'letters and personal data, not offsets'}`, async () => {
      const { page } = desk().browser
      await open('/dead-letters')
      await logIn(await tokenOf(`the-${role}`, [role]))
      await page.getByText(`the-${role}, ${role}`).waitFor()
      await desk().deadLettersOf(await desk().postReview(`for-${role}`), 1)
      const row = page.getByRole('row', { name: /letters? of analytics-service/ }).first()
      await row.getByRole('button', { name: 'Discard…' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('Say why').waitFor()
      await dialog.getByLabel('Reason').fill('a letter of a test')
      await dialog.getByLabel('Type discard to confirm').fill('discard')
      await page.keyboard.press('Enter')
      await page.getByText('1 letter discarded').waitFor()
      await open('/audit')
      await page.getByRole('row', { name: new RegExp(`the-${role} .*discarded`) }).waitFor()
      await open('/groups/analytics-service')
      const reset = page.getByRole('button', { name: 'Reset offsets…' })
      await page.getByText('Catches up').waitFor()
      assert.equal(await reset.getAttribute('aria-disabled'), mayReset ? null : 'true')
      await logOut()
      await page.getByRole('heading', { name: 'TheReview console' }).waitFor()
      forgetRefusals()
    })
  }

  test('a token that expires while it is in use leads to the login, and back to where one was', async () => {
    const { page } = desk().browser
    await open('/topics')
    // The verifier is lenient by five seconds.
    await logIn(await tokenOf('vera', ['moderator'], 1))
    await page.getByRole('heading', { name: 'Topics' }).waitFor()
    await page.getByText('it has expired').waitFor()
    await logIn(await tokenOf('vera', ['moderator']))
    await page.getByText('reviews.events').waitFor()
    assert.equal(page.url(), `${guarded.url}/topics`)
    await logOut()
    forgetRefusals()
  })
}
