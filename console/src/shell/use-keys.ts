import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { openPalette } from './palette-store.ts'
import { places } from './places.ts'

const sequenceMs = 1_200

/** `/`, `?`, `g` and a letter, `j` and `k`: wherever no text is being typed. Esc belongs to what is open. */
export function useKeys(showHelp: () => void): void {
  const [, navigate] = useLocation()

  useEffect(() => {
    let afterG = Number.NEGATIVE_INFINITY
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || isDialogOpen()) return
      const place =
        performance.now() - afterG < sequenceMs ? places.find(({ key }) => key === event.key) : undefined
      afterG = Number.NEGATIVE_INFINITY
      if (place) {
        event.preventDefault()
        navigate(place.path)
        return
      }
      switch (event.key) {
        case 'g':
          afterG = performance.now()
          return
        case '/':
          event.preventDefault()
          search()
          return
        case '?':
          showHelp()
          return
        case 'j':
        case 'k':
          event.preventDefault()
          moveBy(event.key === 'j' ? 1 : -1)
          return
      }
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [navigate, showHelp])
}

/** The page's own search where it has one, and the palette otherwise. */
function search(): void {
  const field = document.querySelector<HTMLInputElement>('input[data-search]')
  if (field) field.focus()
  else openPalette()
}

function moveBy(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')].filter(
    (row) => row.offsetParent !== null,
  )
  const active = document.activeElement
  const at = active instanceof HTMLElement ? rows.indexOf(active) : -1
  const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1)
  rows[next]?.focus()
  rows[next]?.scrollIntoView({ block: 'nearest' })
}

/** What lies under a dialog is out of reach, for keys as for the pointer. */
function isDialogOpen(): boolean {
  return document.querySelector('[role="dialog"]') !== null
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  )
}
