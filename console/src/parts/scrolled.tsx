import type { ReactNode } from 'react'

/** A long text that scrolls by itself, also by keys. */
export function Scrolled({
  label,
  className,
  children,
}: {
  readonly label: string
  readonly className: string | undefined
  readonly children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the text is out of reach of the keyboard
    <section aria-label={label} className={className} tabIndex={0}>
      {children}
    </section>
  )
}
