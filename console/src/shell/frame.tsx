import {
  ActionIcon,
  AppShell,
  Badge,
  Burger,
  Group,
  Kbd,
  NavLink,
  Text,
  Tooltip,
  UnstyledButton,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconLogout, IconMoon, IconSearch, IconSun } from '@tabler/icons-react'
import { Link, useLocation } from 'wouter'
import type { Session } from '../../../src/ops/contract/session.ts'
import { token } from '../api/client.ts'
import { type Connection, useLive } from '../api/live.ts'
import { useOverview } from '../api/queries.ts'
import { formatShort } from '../parts/format.ts'
import { SessionContext } from '../parts/session.ts'
import classes from './frame.module.css'
import { KeyHelp } from './key-help.tsx'
import { Pages } from './pages.tsx'
import { Palette } from './palette.tsx'
import { openPalette } from './palette-store.ts'
import { places } from './places.ts'
import { useKeys } from './use-keys.ts'

export function Frame({ session }: { session: Session }) {
  const [menuOpened, menu] = useDisclosure(false)
  const [helpOpened, help] = useDisclosure(false)
  const connection = useLive()
  useKeys(help.open)

  return (
    <SessionContext value={session}>
      <AppShell
        header={{ height: 52 }}
        navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !menuOpened } }}
        padding={{ base: 'sm', sm: 'lg' }}
        classNames={{ main: classes.main ?? '', header: classes.bar ?? '', navbar: classes.bar ?? '' }}
      >
        <AppShell.Header>
          <Header session={session} connection={connection} menuOpened={menuOpened} onMenu={menu.toggle} />
        </AppShell.Header>
        <AppShell.Navbar p="xs" aria-label="Pages">
          <Menu onGo={menu.close} />
          <UnstyledButton className={classes.keys ?? ''} onClick={help.open} visibleFrom="sm">
            <Kbd size="xs">?</Kbd> keyboard
          </UnstyledButton>
        </AppShell.Navbar>
        <AppShell.Main>
          <Pages />
        </AppShell.Main>
      </AppShell>
      <Palette />
      <KeyHelp opened={helpOpened} onClose={help.close} />
    </SessionContext>
  )
}

interface HeaderProps {
  readonly session: Session
  readonly connection: Connection
  readonly menuOpened: boolean
  readonly onMenu: () => void
}

function Header({ session, connection, menuOpened, onMenu }: HeaderProps) {
  return (
    <Group h="100%" px="md" justify="space-between" wrap="nowrap" gap="sm">
      <Group gap="xs" wrap="nowrap">
        <Burger opened={menuOpened} onClick={onMenu} hiddenFrom="sm" size="sm" aria-label="Menu" />
        <img src="/favicon.svg" width={24} height={24} alt="" />
        <Text fw={700} visibleFrom="xs">
          TheReview
        </Text>
        <Badge variant="default" size="sm">
          {session.environment}
        </Badge>
      </Group>
      <Group gap="xs" wrap="nowrap">
        <LiveMark connection={connection} />
        <UnstyledButton className={classes.search ?? ''} onClick={openPalette} visibleFrom="sm">
          <IconSearch size={15} aria-hidden />
          <span>Go to, or paste an id</span>
          <Kbd size="xs">/</Kbd>
        </UnstyledButton>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          hiddenFrom="sm"
          onClick={openPalette}
          aria-label="Search"
        >
          <IconSearch size={18} />
        </ActionIcon>
        <SchemeToggle />
        {!session.open && <Logout actor={session.actor} role={session.role} />}
      </Group>
    </Group>
  )
}

const said = {
  live: { color: 'teal', word: 'live', title: 'The numbers are of now: every two seconds.' },
  connecting: { color: 'gray', word: 'connecting', title: 'The first numbers are on their way.' },
  lost: { color: 'red', word: 'no news', title: 'The ops service does not answer: what is shown is old.' },
} as const

function LiveMark({ connection }: { connection: Connection }) {
  const { color, word, title } = said[connection]
  return (
    <Tooltip label={title}>
      <Badge
        variant="light"
        color={color}
        role="status"
        miw={76}
        leftSection={<span className={classes.dot} data-live={connection === 'live'} />}
      >
        {word}
      </Badge>
    </Tooltip>
  )
}

function SchemeToggle() {
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = scheme === 'dark' ? 'light' : 'dark'
  return (
    <Tooltip label={`Make it ${other}`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        onClick={() => setColorScheme(other)}
        aria-label={`Make it ${other}`}
      >
        {scheme === 'dark' ? <IconSun size={18} /> : <IconMoon size={18} />}
      </ActionIcon>
    </Tooltip>
  )
}

function Logout({ actor, role }: { actor: string; role: string }) {
  const leave = () => {
    token.forget()
    window.location.assign('/')
  }
  return (
    <>
      <Text size="xs" c="dimmed" visibleFrom="md" maw={180} truncate>
        {actor}, {role}
      </Text>
      <Tooltip label={`${actor}, ${role}: log out`}>
        <ActionIcon variant="subtle" color="gray" size="lg" onClick={leave} aria-label="Log out">
          <IconLogout size={18} />
        </ActionIcon>
      </Tooltip>
    </>
  )
}

function Menu({ onGo }: { onGo: () => void }) {
  const [location] = useLocation()
  const open = useOverview().data?.open_dead_letters ?? 0
  return places.map(({ path, title, icon: Icon, key }) => {
    const active = path === '/' ? location === '/' : location.startsWith(path)
    const count = path === '/dead-letters' && open > 0 ? open : null
    return (
      <NavLink
        key={path}
        component={Link}
        href={path}
        label={title}
        noWrap
        active={active}
        {...(active && { 'aria-current': 'page' as const })}
        leftSection={<Icon size={18} aria-hidden />}
        {...(count !== null && {
          rightSection: (
            <Badge size="sm" color="red" variant="light" aria-label={`${count} open`}>
              {formatShort(count)}
            </Badge>
          ),
        })}
        title={`g ${key}`}
        onClick={onGo}
        classNames={{ root: classes.link ?? '' }}
      />
    )
  })
}
