import { type CSSVariablesResolver, createTheme } from '@mantine/core'

/** Colours that say something: of states, and of nothing else. */
const meanings = ['teal', 'yellow', 'red', 'gray', 'cyan', 'blue']

export const theme = createTheme({
  colors: {
    // Mantine's own greys have no hue, and look dirty beside surfaces that have one.
    dark: [
      '#d0d6dd',
      '#b4bcc5',
      '#8f99a3',
      '#6c7680',
      '#3b434c',
      '#2f363e',
      '#252b32',
      '#1b1f24',
      '#15181c',
      '#101215',
    ],
  },
  primaryColor: 'cyan',
  primaryShade: { light: 9, dark: 9 },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '650' },
  components: {
    Badge: { defaultProps: { radius: 'sm', tt: 'none', fw: 600 } },
    Tabs: { styles: { list: { flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' } } },
    Table: { defaultProps: { verticalSpacing: 8, highlightOnHover: true } },
    Modal: { defaultProps: { radius: 'lg', overlayProps: { blur: 2 } } },
    Tooltip: { defaultProps: { openDelay: 300, withArrow: true } },
  },
})

/** Mantine's own dimmed and light texts are too faint for WCAG 2 AA. */
export const readableColors: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-dimmed': '#52585f',
    '--mantine-color-placeholder': '#6b7178',
    '--console-surface': '#ffffff',
    '--console-page': '#f6f7f9',
    '--console-line': '#d9dde2',
    ...soft(12),
    ...Object.fromEntries(
      meanings.map((color) => [`--mantine-color-${color}-light-color`, `var(--mantine-color-${color}-9)`]),
    ),
    '--mantine-color-yellow-light-color': '#7a4a00',
    '--mantine-color-teal-light-color': '#08594a',
    '--mantine-color-red-light-color': '#a11616',
    '--mantine-color-cyan-light-color': '#095a6b',
  },
  dark: {
    '--mantine-color-dimmed': '#a3abb5',
    '--mantine-color-placeholder': '#8d949d',
    '--mantine-color-body': '#15181c',
    '--console-surface': '#1b1f24',
    '--console-page': '#121417',
    '--console-line': '#30363d',
    ...soft(18),
    ...Object.fromEntries(
      meanings.map((color) => [`--mantine-color-${color}-light-color`, `var(--mantine-color-${color}-3)`]),
    ),
  },
})

/** Grounds that carry a meaning without shouting it. */
function soft(percent: number): Record<string, string> {
  const mixed = (color: string, share: number) =>
    `color-mix(in srgb, var(--mantine-color-${color}-6) ${share}%, transparent)`
  return Object.fromEntries(
    meanings.flatMap((color) => [
      [`--mantine-color-${color}-light`, mixed(color, percent)],
      [`--mantine-color-${color}-light-hover`, mixed(color, percent + 6)],
    ]),
  )
}
