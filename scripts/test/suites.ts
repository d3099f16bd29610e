import { globSync, statSync } from 'node:fs'
import { join, matchesGlob, relative, resolve, sep } from 'node:path'

/** A program that a suite needs beyond Node, Java and Maven. */
export interface Tool {
  readonly command: string
  readonly debianPackage: string
}

export interface Suite {
  readonly name: string
  readonly about: string
  readonly files: readonly string[]
  /**
   * `none`: runs anywhere, in seconds. `shared`: on the real parts that are started once for all files. `own`:
   * each file starts and harms a stack of its own, so these run alone, when the shared parts are gone.
   */
  readonly parts: 'none' | 'shared' | 'own'
  /** What measures times or memory runs one file after the other, so that no neighbour spoils the measure. */
  readonly oneByOne?: true
  readonly needs: readonly Tool[]
}

export const suites: readonly Suite[] = [
  {
    name: 'unit',
    about: 'rules and edges, without any part',
    files: ['src', 'scripts', 'deploy', 'console/src', 'test/support', 'test/faults', 'bench'].map(
      (folder) => `${folder}/**/*.test.ts`,
    ),
    parts: 'none',
    needs: [],
  },
  {
    name: 'integration',
    about: 'each piece on the real parts that it talks to',
    files: ['test/integration/**/*.test.ts'],
    parts: 'shared',
    needs: [],
  },
  {
    name: 'guarantees',
    about: 'what must hold whatever happens',
    files: ['test/guarantees/**/*.test.ts'],
    parts: 'shared',
    oneByOne: true,
    needs: [],
  },
  {
    name: 'e2e',
    about: 'the whole, started as a user starts it',
    files: ['test/e2e/**/*.test.ts'],
    parts: 'own',
    needs: [],
  },
  {
    name: 'browser',
    about: "the operator's main tasks in the console, in real Chromium",
    files: ['test/browser/**/*.test.ts'],
    parts: 'own',
    needs: [{ command: 'chromium', debianPackage: 'chromium' }],
  },
  {
    name: 'foreign',
    about: 'what another Kafka client reads and writes',
    files: ['test/foreign/**/*.test.ts'],
    parts: 'shared',
    needs: [{ command: 'kcat', debianPackage: 'kcat' }],
  },
  {
    name: 'fuzz',
    about: 'what Schemathesis makes of the OpenAPI document in a minute',
    files: ['test/fuzz/**/*.test.ts'],
    parts: 'shared',
    oneByOne: true,
    needs: [{ command: 'python3', debianPackage: 'python3-venv' }],
  },
  {
    name: 'alerts',
    about: 'when each alert fires, as promtool reckons it',
    files: ['test/alerts/**/*.test.ts'],
    parts: 'none',
    needs: [{ command: 'promtool', debianPackage: 'prometheus' }],
  },
  {
    name: 'dashboards',
    about: 'what each panel shows of a running stack that a real Prometheus has scraped',
    files: ['test/dashboards/**/*.test.ts'],
    parts: 'own',
    needs: [{ command: 'prometheus', debianPackage: 'prometheus' }],
  },
  {
    name: 'compose',
    about: 'compose.yaml as docker-compose reads it',
    files: ['test/compose/**/*.test.ts'],
    parts: 'none',
    needs: [{ command: 'docker-compose', debianPackage: 'docker-compose' }],
  },
]

/** What `npm test` runs: everything that needs no more than the README's requirements. */
export const defaultSuites: readonly Suite[] = suites.filter(({ needs }) => needs.length === 0)

/** Some files of one suite. */
export interface Selection {
  readonly suite: Suite
  readonly files: readonly string[]
}

/** A mistake on the command line, which the message explains. */
export class UsageError extends Error {}

export function suitesNamed(names: readonly string[]): Suite[] {
  return names.map((name) => {
    const suite = suites.find((known) => known.name === name)
    if (suite) return suite
    const known = suites.map((s) => s.name).join(', ')
    throw new UsageError(`There is no suite "${name}". The suites are ${known}.`)
  })
}

/** Every file of these suites. */
export function filesOf(chosen: readonly Suite[], root: string): Selection[] {
  return chosen.map((suite) => ({ suite, files: globSync([...suite.files], { cwd: root }).sort() }))
}

/** The test files that these paths name: files, or folders with all that is below them. */
export function filesAt(paths: readonly string[], root: string): Selection[] {
  const all = filesOf(suites, root)
  const wanted = paths.flatMap((path) => {
    const found = all.flatMap(({ files }) => files).filter(isAt(path, root))
    if (found.length === 0)
      throw new UsageError(`There is no test at "${path}": name a *.test.ts file or a folder with some.`)
    return found
  })
  return all
    .map(({ suite, files }) => ({ suite, files: files.filter((file) => wanted.includes(file)) }))
    .filter(({ files }) => files.length > 0)
}

function isAt(path: string, root: string): (file: string) => boolean {
  const relativePath = relative(root, resolve(root, path))
  const isFolder = statSync(join(root, relativePath), { throwIfNoEntry: false })?.isDirectory() ?? false
  if (isFolder) return (file) => relativePath === '' || file.startsWith(relativePath + sep)
  return (file) => file === relativePath || matchesGlob(file, path)
}
