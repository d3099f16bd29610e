import { type Command, InvalidArgumentError } from 'commander'
import type { LoadFlags } from './load-run.ts'

export function register(program: Command): void {
  program
    .command('load')
    .summary('post many reviews, and wait until every statistic is right')
    .description(
      'Posts reviews as fast as the API takes them, or at a fixed rate, and counts what it accepted. Then waits ' +
        'until the statistics of every entity agree with that count. Exits with 1 if a review failed or a ' +
        'statistic never agreed.',
    )
    .argument('[reviews]', 'how many to post', wholeNumber, 1_000)
    .option('-e, --entities <number>', 'products that they are spread over', wholeNumber, 50)
    .option('-c, --connections <number>', 'requests under way at once', wholeNumber, 32)
    .option('-r, --rate <number>', 'requests a second, whether or not the answers keep up', wholeNumber)
    .option('-t, --timeout <seconds>', 'how long to wait for the statistics', wholeNumber, 60)
    .option('--api <url>', 'base of the API; by default that of the local stack', httpUrl)
    .option('--json', 'for programs')
    .addHelpText('after', examples)
    .action(async (reviews: number, flags: LoadFlags) => {
      process.exitCode = await (await import('./load-run.ts')).runLoadCommand(reviews, flags)
    })
}

function wholeNumber(text: string): number {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= 1 && value <= 10_000_000) return value
  throw new InvalidArgumentError('It must be a whole number from 1 to 10000000.')
}

function httpUrl(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  throw new InvalidArgumentError('It must be a URL that starts with http:// or https://.')
}

const examples = `
Examples:
  npm run -s thereview -- load                      1,000 reviews of 50 products
  npm run -s thereview -- load 10000 -c 64          as fast as 64 connections go
  npm run -s thereview -- load 5000 --rate 200      200 a second: latencies count from when a request was due
  npm run -s thereview -- load 10000 --json | jq .latency_ms
  npm run -s thereview -- load --api http://127.0.0.1:9000`
