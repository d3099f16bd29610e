import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'

const Now = createContext(Date.now())

/** One clock for all relative times, so that they move together. */
export function Clock({ children }: { children: ReactNode }) {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return <Now value={now}>{children}</Now>
}

export const useNow = () => useContext(Now)
