import { Skeleton, Stack } from '@mantine/core'

/** Holds the place of a table that is on its way, so that nothing jumps when it comes. */
export function TableSkeleton({ rows }: { rows: number }) {
  return (
    <Stack gap={10} p="md" aria-hidden>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows have nothing but their place
        <Skeleton key={row} height={22} radius="sm" />
      ))}
    </Stack>
  )
}
