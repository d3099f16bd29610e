import { useCallback } from 'react'
import { useSearchParams } from 'wouter'

type Values = Readonly<Record<string, string | null>>

/** What the URL says, and a function that changes it: state that can be shared, and gone back from. */
export function useUrlState(): [
  get: (name: string) => string | null,
  set: (values: Values, how?: 'push' | 'replace') => void,
] {
  const [parameters, setParameters] = useSearchParams()
  const set = useCallback(
    (values: Values, how: 'push' | 'replace' = 'push') => {
      setParameters(
        (before) => {
          const after = new URLSearchParams(before)
          for (const [name, value] of Object.entries(values)) {
            if (value === null || value === '') after.delete(name)
            else after.set(name, value)
          }
          return after
        },
        { replace: how === 'replace' },
      )
    },
    [setParameters],
  )
  return [(name) => parameters.get(name), set]
}
