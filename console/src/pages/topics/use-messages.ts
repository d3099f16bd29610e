import { useCallback, useEffect, useRef, useState } from 'react'
import type { Message } from '../../../../src/ops/contract/messages.ts'
import { ProblemError, queryOf } from '../../api/client.ts'
import { readEvents } from '../../api/event-stream.ts'

export interface ScanQuery {
  readonly from: string
  readonly partition: string | null
  readonly offset: string | null
  readonly at: string | null
  readonly key: string | null
  readonly value: string | null
  readonly header: string | null
  readonly type: string | null
}

export interface Scan {
  readonly state: 'running' | 'done'
  readonly messages: readonly Message[]
  readonly scanned: number
  readonly skipped: number
  readonly reason: 'limit' | 'end' | 'bound' | null
  readonly error: unknown
  readonly cancel: () => void
}

const mostShown = 500
const nothing = { state: 'running', messages: [], scanned: 0, skipped: 0, reason: null, error: null } as const

/** Reads or follows a topic as the query says, and again when it says something else. */
export function useMessages(topic: string, query: ScanQuery, isTailing: boolean): Scan {
  const [scan, setScan] = useState<Omit<Scan, 'cancel'>>(nothing)
  const running = useRef<AbortController | null>(null)
  const { from, partition, offset, at, ...filter } = query
  const path = isTailing
    ? `/topics/${encodeURIComponent(topic)}/tail${queryOf(filter)}`
    : `/topics/${encodeURIComponent(topic)}/messages${queryOf({ from, partition, ...(from === 'offset' && { offset }), ...(from === 'time' && { at }), ...filter })}`

  useEffect(() => {
    const closing = new AbortController()
    running.current = closing
    setScan(nothing)
    // Records come by the hundred: the page is drawn once for all of a moment.
    let waiting: Message[] = []
    const flush = () => {
      const came = waiting
      waiting = []
      if (came.length === 0) return
      setScan((before) => ({
        ...before,
        messages: isTailing
          ? [...came.toReversed(), ...before.messages].slice(0, mostShown)
          : [...before.messages, ...came],
      }))
    }
    const timer = setInterval(flush, 150)
    const onEvent = (name: string, text: string) => {
      if (name === 'message') {
        waiting.push(JSON.parse(text) as Message)
        return
      }
      const data = JSON.parse(text) as {
        scanned?: number
        count?: number
        reason?: Scan['reason']
        detail?: string
      }
      if (name === 'failed')
        throw new ProblemError(503, 'unavailable', data.detail ?? 'the scan failed', null)
      setScan((before) => ({
        ...before,
        scanned: data.scanned ?? before.scanned,
        skipped: before.skipped + (data.count ?? 0),
        reason: data.reason ?? before.reason,
      }))
    }
    readEvents(path, closing.signal, onEvent)
      .catch((error: unknown) => {
        if (!closing.signal.aborted) setScan((before) => ({ ...before, error }))
      })
      .finally(() => {
        clearInterval(timer)
        flush()
        if (running.current === closing) setScan((before) => ({ ...before, state: 'done' }))
      })
    return () => {
      running.current = null
      closing.abort()
    }
  }, [path, isTailing])

  const cancel = useCallback(() => running.current?.abort(), [])
  return { ...scan, cancel }
}
