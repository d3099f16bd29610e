import type { ReactNode } from 'react'
import { Failure } from './failure.tsx'
import classes from './loaded.module.css'
import { TableSkeleton } from './table-skeleton.tsx'

interface LoadedProps<T> {
  readonly query: {
    readonly data: T | undefined
    readonly error: unknown
    readonly refetch: () => unknown
  }
  /** How many rows hold the place until it is there. */
  readonly rows: number
  readonly children: (data: T) => ReactNode
}

/** What was asked for; until it comes, its place; and if it cannot be had, why. What was had before stays. */
export function Loaded<T>({ query: { data, error, refetch }, rows, children }: LoadedProps<T>) {
  if (data !== undefined) return children(data)
  if (!error) return <TableSkeleton rows={rows} />
  return (
    <div className={classes.failure}>
      <Failure error={error} retry={() => void refetch()} />
    </div>
  )
}
