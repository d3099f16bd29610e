import { Spotlight, type SpotlightActionData } from '@mantine/spotlight'
import { IconHierarchy2, IconListDetails, IconRoute, IconSearch } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { useOverview, useTopics } from '../api/queries.ts'
import { paletteStore, selectFirst } from './palette-store.ts'
import { places } from './places.ts'

const looksLikeId = /^[0-9A-Za-z][0-9A-Za-z._-]{7,127}$/

/** Everything that can be gone to, by typing. Topics are asked for when it opens. */
export function Palette() {
  const [, navigate] = useLocation()
  const [query, setQuery] = useState('')
  const overview = useOverview()
  const [opened, setOpened] = useState(false)
  const topics = useTopics(opened)
  const groups = overview.data?.groups.map(({ group }) => group.title) ?? []

  const actions: SpotlightActionData[] = [
    ...places.map(({ path, title, about, icon: Icon }) => ({
      id: path,
      label: title,
      description: about,
      leftSection: <Icon size={20} aria-hidden />,
      onClick: () => navigate(path),
    })),
    ...groups.map((group) => ({
      id: `group ${group}`,
      label: group,
      description: 'Consumer group',
      leftSection: <IconHierarchy2 size={20} aria-hidden />,
      onClick: () => navigate(`/groups/${encodeURIComponent(group)}`),
    })),
    ...(topics.data ?? []).map(({ name }) => ({
      id: `topic ${name}`,
      label: name,
      description: 'Topic',
      leftSection: <IconListDetails size={20} aria-hidden />,
      onClick: () => navigate(`/topics/${encodeURIComponent(name)}`),
    })),
  ]
  const wanted = query.trim()
  const journey = {
    id: 'journey of',
    label: `Journey of ${wanted}`,
    description: 'A review, event, correlation or trace id',
    keywords: wanted,
    leftSection: <IconRoute size={20} aria-hidden />,
    onClick: () => navigate(`/journey?id=${encodeURIComponent(wanted)}`),
  }
  const offered = looksLikeId.test(wanted) ? [...actions, journey] : actions
  const ids = offered.map(({ id }) => id).join('\n')

  // Enter takes the first that fits, also where topics arrived after the text was typed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown depends on all three.
  useEffect(() => {
    if (opened) selectFirst()
  }, [opened, query, ids])

  return (
    <Spotlight
      store={paletteStore}
      query={query}
      onQueryChange={setQuery}
      onSpotlightOpen={() => {
        setOpened(true)
        setQuery('')
      }}
      onSpotlightClose={() => setOpened(false)}
      attributes={{ content: { 'aria-label': 'Command palette' } }}
      actions={offered}
      shortcut="mod + K"
      // Wherever the focus is: also in its own search while it fades, for who goes on at once.
      tagsToIgnore={[]}
      triggerOnContentEditable
      nothingFound="Nothing of this name. Paste an id to see its journey."
      highlightQuery
      scrollable
      searchProps={{
        leftSection: <IconSearch size={20} aria-hidden />,
        placeholder: 'Go to a page, a group or a topic, or paste an id',
        'aria-label': 'Search',
      }}
    />
  )
}
