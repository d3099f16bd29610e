import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Overview } from '../../../src/ops/contract/overview.ts'
import { isProblem } from './client.ts'
import { readEvents } from './event-stream.ts'
import { keys } from './queries.ts'

export type Connection = 'connecting' | 'live' | 'lost'

const silenceMs = 20_000
const againMs = 2_000

/** Keeps the overview fresh while the page is open, and tells whether what is shown is of now. */
export function useLive(): Connection {
  const queries = useQueryClient()
  const [connection, setConnection] = useState<Connection>('connecting')

  useEffect(() => {
    const closing = new AbortController()
    void (async () => {
      while (!closing.signal.aborted) {
        const silent = new AbortController()
        let timer = setTimeout(() => silent.abort(), silenceMs)
        const signal = AbortSignal.any([closing.signal, silent.signal])
        try {
          await readEvents('/live', signal, (_name, data) => {
            clearTimeout(timer)
            timer = setTimeout(() => silent.abort(), silenceMs)
            queries.setQueryData(keys.overview, JSON.parse(data) as Overview)
            setConnection('live')
          })
        } catch (error) {
          // What went wrong is that there is no news; that is said, and tried again.
          if (isProblem(error) && error.status === 401)
            void queries.invalidateQueries({ queryKey: keys.session })
        }
        clearTimeout(timer)
        if (closing.signal.aborted) return
        setConnection('lost')
        await new Promise((resolve) => setTimeout(resolve, againMs))
      }
    })()
    return () => closing.abort()
  }, [queries])

  return connection
}
