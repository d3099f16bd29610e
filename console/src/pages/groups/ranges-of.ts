/** `reviews.events-0`, `reviews.events-1`, `reviews.events-2` as `reviews.events 0–2`. */
export function rangesOf(partitions: readonly string[]): string {
  const byTopic = new Map<string, number[]>()
  for (const name of partitions) {
    const dash = name.lastIndexOf('-')
    const topic = name.slice(0, dash)
    byTopic.set(topic, [...(byTopic.get(topic) ?? []), Number(name.slice(dash + 1))])
  }
  return [...byTopic]
    .map(([topic, numbers]) => `${topic} ${runsOf(numbers.sort((a, b) => a - b)).join(', ')}`)
    .join(' · ')
}

function runsOf(ascending: readonly number[]): string[] {
  const runs: [first: number, last: number][] = []
  for (const number of ascending) {
    const run = runs.at(-1)
    if (run && run[1] + 1 === number) run[1] = number
    else runs.push([number, number])
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`))
}
