export const consoleRoles = ['viewer', 'operator', 'admin'] as const
export type ConsoleRole = (typeof consoleRoles)[number]

export interface Session {
  readonly actor: string
  readonly role: ConsoleRole
  /** Local mode: nobody has to say who they are. */
  readonly open: boolean
  readonly environment: string
  /** Where traces can be looked at, such as `http://127.0.0.1:9411/zipkin`; null where there is no such place. */
  readonly traces_url: string | null
}
