import { Button, Group } from '@mantine/core'

interface PagerProps {
  /** What leads back to the first page, and on to the next. */
  readonly names: readonly [first: string, next: string]
  readonly at: string | null
  readonly next: number | null
  readonly onPage: (at: string | null) => void
}

/** Forward page by page, and back to the first; nothing where there is one page alone. */
export function Pager({ names: [first, further], at, next, onPage }: PagerProps) {
  if (at === null && next === null) return null
  return (
    <Group justify="space-between" p="sm">
      <Button size="xs" variant="default" disabled={at === null} onClick={() => onPage(null)}>
        {first}
      </Button>
      <Button size="xs" variant="default" disabled={next === null} onClick={() => onPage(String(next))}>
        {further}
      </Button>
    </Group>
  )
}
