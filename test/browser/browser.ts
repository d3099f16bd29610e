import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { AxeResults } from 'axe-core'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const axeSource = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
const artefacts = join(import.meta.dirname, 'artefacts')

/** Chromium with one page, as an operator has it before them. */
export class Browser {
  readonly page: Page
  /** What the page wrote to its console as errors, and what was thrown in it. */
  readonly errors: string[] = []
  readonly #context: BrowserContext
  readonly #profile: string

  private constructor(context: BrowserContext, page: Page, profile: string) {
    this.#context = context
    this.page = page
    this.#profile = profile
    page.on('console', (message) => message.type() === 'error' && this.errors.push(message.text()))
    page.on('pageerror', (error) => this.errors.push(error.message))
  }

  static async start(baseURL: string): Promise<Browser> {
    const profile = mkdtempSync(join(tmpdir(), 'chromium-'))
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: '/usr/bin/chromium',
      args: flags,
      baseURL,
      viewport: { width: 1280, height: 860 },
      colorScheme: 'light',
      reducedMotion: 'reduce',
    })
    context.setDefaultTimeout(20_000)
    const [page = await context.newPage()] = context.pages()
    return new Browser(context, page, profile)
  }

  /** Keeps what the page looks like, for people to look at. */
  async keep(name: string): Promise<void> {
    const path = join(artefacts, `${name}.png`)
    mkdirSync(dirname(path), { recursive: true })
    // Under a dialog the rest of the page is of no interest.
    const isDialog = (await this.page.getByRole('dialog').count()) > 0
    await this.page.screenshot({ path, fullPage: !isDialog })
  }

  /** Until nothing holds the place of what is on its way. */
  async settled(): Promise<void> {
    await this.page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' })
  }

  /** What axe finds against WCAG 2.1 AA, each with the places: in the dialog where one is open, in the page otherwise. */
  async barriers(): Promise<string[]> {
    const isDialog = (await this.page.getByRole('dialog').count()) > 0
    if (await this.page.evaluate<boolean>('typeof axe === "undefined"')) await this.page.evaluate(axeSource)
    const run = `axe.run(${isDialog ? '{ include: [["[role=dialog]"]] }' : 'document'})`
    const { violations } = await this.page.evaluate<AxeResults>(run)
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
    )
  }

  async stop(): Promise<void> {
    await this.#context.close()
    rmSync(this.#profile, { recursive: true, force: true })
  }
}
