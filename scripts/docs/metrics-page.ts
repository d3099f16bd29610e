import { type Metric, metricsOf, serviceNames } from './service-metrics.ts'

export const metricsPageUrl = new URL('../../docs/metrics.md', import.meta.url)

/** `docs/metrics.md`, whole. */
export function metricsPage(): string {
  return [introduction, ...sections().map(section)].join('\n')
}

interface Section {
  readonly services: readonly string[]
  readonly metrics: readonly Metric[]
}

/** Each metric once, under all the services that have it. */
function sections(): Section[] {
  const byServices = new Map<string, Section & { metrics: Metric[] }>()
  const all = new Map(serviceNames.flatMap(metricsOf).map((metric) => [metric.name, metric]))
  for (const metric of all.values()) {
    const services = serviceNames.filter((name) => metricsOf(name).some((one) => one.name === metric.name))
    const key = services.join(', ')
    const known = byServices.get(key)
    if (known) known.metrics.push(metric)
    else byServices.set(key, { services, metrics: [metric] })
  }
  return [...byServices.values()]
}

function section({ services, metrics }: Section): string {
  const rows = metrics.map(({ name, type, labels, help }) => {
    const names = labels.map((label) => `\`${label}\``).join(', ')
    return `| \`${name}\` | ${type} | ${names || '–'} | ${help} |`
  })
  return [
    `## ${capitalised(services.join(', '))}`,
    '',
    '| metric | type | labels | what it is |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const introduction = `# Metrics

Made from the code by \`npm run docs:metrics\`: change a metric where it is declared.

Every service answers Prometheus on \`/metrics\` of its own port: the API on 8000, the relay on 8001, the
notification worker on 8002, the analytics worker on 8003, the cache worker on 8004, ops on 9308. A histogram has
\`_bucket\`, \`_sum\` and \`_count\` behind its name. Where authentication is configured, the API's are for operators and
for API keys that may read metrics.

What is scraped, the alerts and the dashboards are in \`deploy/\`; what to do about an alert is in the
[runbook](runbook.md).
`
