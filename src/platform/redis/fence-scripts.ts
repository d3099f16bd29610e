import { defineScript } from './script.ts'

/**
 * How the fenced cache lies in Redis.
 *
 * A cached thing is the hash under its public key, so that one command clears all of its variants. Its fields are
 * `lowest`, the least mark in it, and `=<variant>`, each `<mark> <body>`. Whatever else is found under such a key
 * (somebody planted it) counts as absent, and is dropped.
 *
 * Fences lie in one hash for each window of Redis's clock, apart from what they guard, so that they neither crowd
 * the key space nor are cleared with it. A reader that finds nothing gets a ticket for the window: its number, and
 * the hash's epoch, which is random. A fence is raised in the hashes of this window and of the one before. A fill
 * brings its ticket, and is checked against that window's hash alone: when that is gone, expired or lost in a
 * restart or evicted, so may be a fence that it held, and the fill is refused. A fill has between one and two
 * windows of time.
 *
 * Keys are computed in the scripts: this is for one Redis server, not for a cluster.
 */
const windowSeconds = 30
/** More variants than this, and a thing begins anew. */
const maxVariants = 100

const shared = `
local function fences_of(window) return 'cache:fences:' .. window end

local function enter(window)
  local fences = fences_of(window)
  if redis.call('HSETNX', fences, 'epoch', ARGV[1]) == 1 then
    redis.call('EXPIREAT', fences, (window + 2) * ${windowSeconds})
  end
  return fences
end

local function this_window() return math.floor(redis.call('TIME')[1] / ${windowSeconds}) end

local function raise(fences, key, mark)
  local fence = tonumber(redis.call('HGET', fences, key))
  if not fence or fence < mark then redis.call('HSET', fences, key, mark) end
end

local function lowest_in(key)
  local lowest = redis.pcall('HGET', key, 'lowest')
  return type(lowest) == 'string' and tonumber(lowest) or nil
end

local function mark_of(value) return value and tonumber(string.match(value, '^%d+')) end
`

/** keys: thing; args: a new epoch, variant. Answers `{1, value}`, or `{0, window, epoch}` as a ticket to fill it. */
export const lookUpScript = defineScript(`${shared}
local value = redis.pcall('HGET', KEYS[1], '=' .. ARGV[2])
if mark_of(type(value) == 'string' and value) then return { 1, value } end
local window = this_window()
return { 0, window, redis.call('HGET', enter(window), 'epoch') }
`)

/** keys: thing; args: the ticket's epoch and window, variant, mark, body, lifetime in seconds. 1 when it is kept. */
export const fillScript = defineScript(`${shared}
local thing, epoch, window, field, mark = KEYS[1], ARGV[1], ARGV[2], '=' .. ARGV[3], tonumber(ARGV[4])
local fences = fences_of(window)
if redis.call('HGET', fences, 'epoch') ~= epoch then return 0 end
local fence = tonumber(redis.call('HGET', fences, thing))
if fence and fence > mark then return 0 end

local lowest = lowest_in(thing)
if not lowest then redis.call('UNLINK', thing) end
local present = mark_of(redis.call('HGET', thing, field))
if present and present > mark then return 0 end
if redis.call('HLEN', thing) > ${maxVariants} then
  redis.call('UNLINK', thing)
  lowest = nil
end
redis.call('HSET', thing, 'lowest', math.min(lowest or mark, mark), field, ARGV[4] .. ' ' .. ARGV[5])
if redis.call('TTL', thing) < 0 then redis.call('EXPIRE', thing, ARGV[6]) end
return 1
`)

/** keys: things; args: a new epoch, then a mark for each thing. */
export const fenceScript = defineScript(`${shared}
local window = this_window()
local fences, before = enter(window), fences_of(window - 1)
local overlaps = redis.call('EXISTS', before) == 1
for i, thing in ipairs(KEYS) do
  local mark = tonumber(ARGV[i + 1])
  raise(fences, thing, mark)
  if overlaps then raise(before, thing, mark) end
  local lowest = lowest_in(thing)
  if not lowest or lowest < mark then redis.call('UNLINK', thing) end
end
`)
