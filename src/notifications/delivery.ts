import { randomUUID } from 'node:crypto'
import { AppError } from '../platform/errors.ts'
import { type Outcome, ok } from '../platform/messaging/handler.ts'
import type { Queryable } from '../platform/postgres/pool.ts'
import { inLanes } from './lanes.ts'
import { claim, leaseMs, type Standing, standingOf } from './ledger.ts'
import { maxSendMs } from './mail/mailer.ts'
import type { NotificationMetrics } from './metrics.ts'
import type { Notice } from './notice.ts'
import type { Settlements } from './settlements.ts'

export interface Sendable {
  readonly notice: Notice
  /** RFC 3339: when the event happened. */
  readonly since: string
  /** Resolves when it is out. @throws {AppError} whose verdict says whether trying again may help */
  readonly send: () => Promise<void>
}

/** Sends what was not sent yet, each notice once, however often it is named. Then every notice has its outcome. */
export type Deliver = (
  sendables: readonly Sendable[],
  signal: AbortSignal,
) => Promise<(notice: Notice) => Outcome>

export interface DeliveryOptions {
  readonly db: Queryable
  readonly settlements: Settlements
  readonly metrics: NotificationMetrics
  /**
   * How many are sent at a time; as many more may be sent and not noted yet. Twice this is the most that can go out
   * again after a crash.
   */
  readonly lanes: number
}

/** Nothing begins later than this after its claim, so whatever was begun is over while the lease still holds. */
const beginWithinMs = 15_000
const storeWithinMs = 5_000
if (beginWithinMs + maxSendMs + storeWithinMs > leaseMs) throw new Error('a lease must outlast its sends')

/**
 * A notice is claimed, sent, and noted as sent, in this order. The delivery throws a retryable error when Postgres is
 * down, when the work is to stop, or when the mail server is too slow for so many at once: what was sent by then is
 * stored or remembered, and the same call can be made again.
 *
 * A mail whose answer got lost is sent again too, for nobody can know whether it was taken (RFC 1047). Every repeat
 * carries the same Message-ID.
 */
export function createDelivery({ db, settlements, metrics, lanes }: DeliveryOptions): Deliver {
  const settle = async ({ notice, since }: Sendable, holder: string, outcome: Outcome) => {
    const { id, channel, template } = notice
    if (outcome.verdict === 'ok') {
      await settlements.sent(id)
      metrics.sent.inc({ channel, template })
      metrics.latencySeconds.observe({ channel }, Math.max(0, Date.now() - Date.parse(since)) / 1000)
    } else {
      metrics.failed.inc({ channel, code: outcome.error.code })
      await settlements.released({ id, holder, errorCode: outcome.error.code })
    }
  }

  /** Of a notice that could not be claimed: it is sent, or someone else is sending it. */
  const outcomeOfOther = ({ sent, channel, leaseRestMs }: Standing): Outcome => {
    if (!sent) return { verdict: 'retry', error: held, afterMs: leaseRestMs }
    metrics.repeats.inc({ channel })
    return ok
  }

  // What failed in a call that was then interrupted. It is not tried again when the same call is made once more:
  // against a slow server that refuses, such a call would never come to its end.
  const failedBefore = new Map<string, Outcome>()

  return async (given, signal) => {
    // What Postgres would not take last time comes first: the claim has to see it.
    await settlements.store()
    const outcomes = new Map<string, Outcome>()
    const sendables = new Map<string, Sendable>()
    for (const sendable of given) {
      const { id } = sendable.notice
      if (outcomes.has(id)) continue
      const failed = failedBefore.get(id)
      if (failed) outcomes.set(id, failed)
      else sendables.set(id, sendable)
      failedBefore.delete(id)
    }
    const server = new ServerState(lanes)
    const holder = randomUUID()
    const begun = performance.now()
    const claimed = await claim(
      db,
      holder,
      [...sendables.values()].map(({ notice }) => notice),
    )
    const unsettled = new Set(claimed)
    const noting = new Set<Promise<unknown>>()
    try {
      const others = [...sendables.keys()].filter((id) => !claimed.has(id))
      for (const standing of await standingOf(db, others)) outcomes.set(standing.id, outcomeOfOther(standing))

      const ours = [...sendables.values()].filter(({ notice }) => claimed.has(notice.id))
      await inLanes(lanes, ours, async (sendable) => {
        if (server.isDown) return
        if (signal.aborted) throw new AppError('interrupted', 'retryable', 'the work is to stop')
        if (performance.now() - begun > beginWithinMs) throw tooSlow
        const outcome = await outcomeOf(sendable.send)
        server.noted(outcome)
        unsettled.delete(sendable.notice.id)
        const noted = settle(sendable, holder, outcome).then(() => {
          outcomes.set(sendable.notice.id, outcome)
          noting.delete(noted)
        })
        noting.add(noted)
        // Thrown by whoever waits for it.
        noted.catch(() => undefined)
        // While this is noted the next is sent, unless too many are not noted yet.
        while (noting.size > lanes) await Promise.race(noting)
      })
      await Promise.all(noting)
    } catch (error) {
      await Promise.allSettled(noting)
      for (const [id, outcome] of outcomes) if (outcome.verdict !== 'ok') failedBefore.set(id, outcome)
      throw error
    } finally {
      await settlements.released(...[...unsettled].map((id) => ({ id, holder, errorCode: null })))
    }
    return ({ id }) => outcomes.get(id) ?? { verdict: 'retry', error: unavailable }
  }
}

const unavailable = new AppError('mail_unavailable', 'retryable', 'the mail server takes no mail')
const held = new AppError('notice_held', 'retryable', 'another worker is sending this notice')
const tooSlow = new AppError(
  'mail_slow',
  'retryable',
  'the mail server is slow: the rest of the batch follows',
)

/** Anything but an `AppError` is a bug and is thrown on. */
async function outcomeOf(send: () => Promise<void>): Promise<Outcome> {
  try {
    await send()
    return ok
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { verdict: error.verdict === 'retryable' ? 'retry' : 'dead-letter', error }
  }
}

/**
 * Whether the server takes any mail at all. When as many attempts in a row as there are lanes found nobody, the rest
 * of the batch need not wait for as many time-outs.
 */
class ServerState {
  readonly #lanes: number
  #failuresInARow = 0

  constructor(lanes: number) {
    this.#lanes = lanes
  }

  get isDown(): boolean {
    return this.#failuresInARow >= this.#lanes
  }

  noted(outcome: Outcome): void {
    const foundNobody = outcome.verdict === 'retry' && outcome.error.code === unavailable.code
    this.#failuresInARow = foundNobody ? this.#failuresInARow + 1 : 0
  }
}
