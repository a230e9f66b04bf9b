-- Admits one call if every count in KEYS has room, and then counts it on all of them.
-- ARGV: buckets, then for each key its limit and its bucket's seconds.
-- Answers: admitted (1 or 0), then for each key the calls counted before this one, and the second
-- at which the oldest of them stops counting. Redis's own clock is the only one.
local now = tonumber(redis.call('TIME')[1])
local buckets = tonumber(ARGV[1])
local admitted = 1
local answer = {}
local counts = {}
for i, key in ipairs(KEYS) do
  local limit = tonumber(ARGV[2 * i])
  local width = tonumber(ARGV[2 * i + 1])
  local current = math.floor(now / width)
  local used = 0
  local first = current
  local stored = redis.call('HGETALL', key)
  for j = 1, #stored, 2 do
    local bucket = tonumber(stored[j])
    if bucket < current - buckets then
      redis.call('HDEL', key, stored[j])
    else
      used = used + tonumber(stored[j + 1])
      if bucket < first then first = bucket end
    end
  end
  if used >= limit then admitted = 0 end
  counts[i] = { current = current, width = width }
  answer[#answer + 1] = used
  answer[#answer + 1] = (first + buckets + 1) * width
end
if admitted == 1 then
  for i, key in ipairs(KEYS) do
    redis.call('HINCRBY', key, counts[i].current, 1)
    redis.call('EXPIRE', key, counts[i].width * (buckets + 2))
  end
end
table.insert(answer, 1, admitted)
table.insert(answer, 2, now)
return answer
