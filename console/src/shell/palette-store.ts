import { createSpotlight } from '@mantine/spotlight'

const [store, { open }] = createSpotlight()

export const paletteStore = store
export const openPalette = open

/** What Enter takes. Spotlight itself selects only as text is typed, not where the list changes after it. */
export function selectFirst(): void {
  const list = document.getElementById(store.getState().listId)
  list?.querySelector('[data-selected]')?.removeAttribute('data-selected')
  list?.querySelector('[data-action]')?.setAttribute('data-selected', 'true')
  store.updateState((state) => ({ ...state, selected: 0 }))
}
