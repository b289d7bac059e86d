-- One step of the ledger of a fleet, as io.genericpool.spi.shared.FleetEngine describes it. Redis 5 or later, or Valkey.
--
-- KEYS[1] is what all keys of the fleet begin with; it holds the hash tag. ARGV: session, sequence, lease and turn in
-- microseconds, version of the caps, sum, kind (c, r or l); then per claim: endpoint, cap, share, wanted, nice.
--
--   K              hash  time (last step), until (learning ends), knew, server, gen (how often it began to learn)
--   K:s            zset  sessions by expiry
--   K:l            zset  sessions by lease
--   K:u            zset  sessions that were known when learning began and have not restated
--   K:p            set   endpoints where sessions may have a target: one starves, or more than the cap is granted
--   K:s:<session>  hash  seq, sum, lease
--   K:f:<session>  hash  of one that has left: its last seq, and until when that is remembered
--   K:x:<session>  set   its endpoints
--   K:e:<endpoint> hash  cap, ver, sum, con (contenders), last (place), wait (starving), cnt (sessions), and per session
--                        ":<session>": granted, wanted, nice, place (0: does not starve), since. While some session may
--                        have a target, bounds: how many have more than they want; none has more than; none has had
--                        something since before; and turn (when those whose turn is over were told last). While it
--                        learns, back (given back and not granted since) and of (the gen that this is of)
--   K:q:<endpoint> zset  the starving by place
--
-- It reads and computes first and writes last. The first write is one that Redis refuses when its memory is full, and
-- no other can fail, so a step is made whole or not at all.

local base, me = KEYS[1], ARGV[1]
local sequence, lease, TURN, version, said = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]),
    tonumber(ARGV[5]), tonumber(ARGV[6])
local restating, leaving = ARGV[7] == 'r', ARGV[7] == 'l'
local FIRST_CLAIM, CLAIM = 8, 5
local call = redis.call
local min, max, floor = math.min, math.max, math.floor
local NONE = 4294967296
local FORMAT = '<i4i4i4dd'
local BOUNDS = '<i4i4d'

-- While a cluster moves the slot, some keys are on one node and some on the other, and a command of one key would take
-- those that are elsewhere as empty. One of several keys is refused there, so no step is made until the slot is whole.
call('EXISTS', base, base .. ':s', base .. ':l', base .. ':u', base .. ':p', base .. ':s:' .. me, base .. ':x:' .. me,
    base .. ':f:' .. me)

local time = call('TIME')
local now = time[1] * 1000000 + time[2]
local learning, generation = false, 0

-- ---- the books of an endpoint

local accounts = {} -- by endpoint: those this step has read
local touched = {} -- in the order in which they were read
local mine = 0 -- the sum of this session's grants

local function pressed(a)
    return a.wait > 0 or a.sum > a.cap
end

local function parse(id, text)
    local e = { id = id }
    e.granted, e.wanted, e.nice, e.place, e.since = struct.unpack(FORMAT, text)
    e.at = e.place -- where the store has it in line
    return e
end

-- The account of an endpoint with the entry of a session, as far as there are any.
local function account(ep, id)
    local a = accounts[ep]
    if not a then
        local key = base .. ':e:' .. ep
        local v = call('HMGET', key, 'cap', 'ver', 'sum', 'con', 'last', 'wait', 'cnt', ':' .. id)
        a = { ep = ep, e = {}, changed = {}, back = 0 }
        if v[1] then
            a.cap, a.ver, a.sum, a.con = tonumber(v[1]), tonumber(v[2]), tonumber(v[3]), tonumber(v[4])
            a.last, a.wait, a.cnt, a.stored = tonumber(v[5]), tonumber(v[6]), tonumber(v[7]), true
            a.was, a.unread, a.empty = pressed(a), a.wait > 0, a.cnt == 0
            a.e[id] = v[8] and parse(id, v[8]) or false
            if a.was then
                local b = call('HMGET', key, 'bounds', 'turn')
                if b[1] then
                    a.more, a.most, a.since = struct.unpack(BOUNDS, b[1])
                end
                a.turn = tonumber(b[2])
            end
            if learning then
                local b = call('HMGET', key, 'of', 'back')
                a.back = tonumber(b[1]) == generation and tonumber(b[2]) or 0
            end
        end
        accounts[ep] = a
        touched[#touched + 1] = a
    elseif a.e[id] == nil and a.stored and not a.full then
        local text = call('HGET', base .. ':e:' .. ep, ':' .. id)
        a.e[id] = text and parse(id, text) or false
    end
    return a
end

local function all(a)
    if not a.full then
        a.full = true
        if a.stored then
            local v = call('HGETALL', base .. ':e:' .. a.ep)
            for i = 1, #v, 2 do
                if string.byte(v[i]) == 58 then
                    local id = string.sub(v[i], 2)
                    if a.e[id] == nil then
                        a.e[id] = parse(id, v[i + 1])
                    end
                end
            end
        end
    end
    return a.e
end

-- Reads more of the line: a few first, since most steps look at its head only.
local function read_line(a)
    a.ids = a.ids or {}
    local from, size = #a.ids, min(256, max(4, 4 * #a.ids))
    local ids = call('ZRANGE', base .. ':q:' .. a.ep, from, from + size - 1)
    local missing, fields = {}, {}
    for i, id in ipairs(ids) do
        a.ids[from + i] = id
        if a.e[id] == nil and not a.full then
            missing[#missing + 1] = id
            fields[#fields + 1] = ':' .. id
        end
    end
    if #missing > 0 then
        for i, text in ipairs(call('HMGET', base .. ':e:' .. a.ep, unpack(fields))) do
            a.e[missing[i]] = text and parse(missing[i], text) or false
        end
    end
    a.unread = #ids == size
end

-- Those in line, by place: first those that the store has there still, then those that this step has sent to its end.
local function in_line(a)
    local i, j = 0, 0
    return function()
        while true do
            if a.unread and (not a.ids or i == #a.ids) then
                read_line(a)
            end
            if a.ids and i < #a.ids then
                i = i + 1
                local e = a.e[a.ids[i]]
                if e and e.place > 0 and e.place == e.at then
                    return e
                end
            elseif a.joiners and j < #a.joiners then
                j = j + 1
                local e, place = a.joiners[j].e, a.joiners[j].place
                if e.place == place then -- else it has left, or gone to the end again
                    return e
                end
            else
                return nil
            end
        end
    end
end

local function mark(a, e)
    a.changed[e.id] = true
    a.dirty, a.missing, a.lacks = true, nil, nil
end

local function level(a)
    return max(1, floor(a.cap / max(1, a.con)))
end

-- What a session may restate: it has that already.
local function room(a)
    return max(0, a.cap - a.sum)
end

-- What may be granted. While the ledger learns, a session that it does not know may hold the rest.
local function free(a)
    return learning and min(room(a), a.back) or room(a)
end

local function need(e)
    return max(0, e.wanted - e.granted)
end

local function need_up_to(e, lv)
    return max(0, min(e.wanted, lv) - e.granted)
end

local function set_granted(a, e, granted)
    local change = granted - e.granted
    if change == 0 then
        return
    end
    if e.granted == 0 then
        e.since = now
    end
    a.sum = a.sum + change
    if e.id == me then
        mine = mine + change
    end
    a.freed = a.freed or change < 0
    if a.more then
        a.more = a.more + (granted > e.wanted and 1 or 0) - (e.granted > e.wanted and 1 or 0)
        a.most = max(a.most, granted)
        a.since = min(a.since, e.since)
    end
    e.granted = granted
    mark(a, e)
end

local exact = false -- the ledger had this session's numbers, from the call just before

-- The session keeps so many. What it does not keep was its own for sure, so it is free even while the ledger learns.
local function keep(a, e, kept)
    if learning and exact and e.id == me then
        a.back = a.back + max(0, e.granted - kept)
    end
    set_granted(a, e, kept)
end

local function set_wanted(a, e, wanted, nice)
    if wanted ~= e.wanted or nice ~= e.nice then
        a.con = a.con + (wanted > 0 and 1 or 0) - (e.wanted > 0 and 1 or 0)
        if a.more then
            a.more = a.more + (e.granted > wanted and 1 or 0) - (e.granted > e.wanted and 1 or 0)
        end
        local needed = need(e)
        e.wanted, e.nice = wanted, nice
        a.freed = a.freed or need(e) < needed -- what was kept for it is for those behind it
        mark(a, e)
    end
end

local function leave_line(a, e)
    if e.place > 0 then
        e.place = 0
        a.wait = a.wait - 1
        mark(a, e)
    end
end

local function join_at_end(a, e)
    leave_line(a, e)
    a.last = a.last + 1
    e.place = a.last
    a.joiners = a.joiners or {}
    a.joiners[#a.joiners + 1] = { e = e, place = e.place }
    a.wait = a.wait + 1
    mark(a, e)
end

local function update_place(a, e)
    if e.wanted > e.granted then
        if e.place == 0 then
            join_at_end(a, e)
            a.joined = true
        end
    else
        leave_line(a, e)
    end
end

local gone = {} -- endpoints that this session leaves
local come = {} -- endpoints that it comes to

local function remove(a, e)
    keep(a, e, 0)
    set_wanted(a, e, 0, 0)
    update_place(a, e)
    mark(a, e)
    if e.at > 0 then
        a.left = a.left or {}
        a.left[#a.left + 1] = e.id
    end
    a.e[e.id] = false
    a.cnt = a.cnt - 1
    if e.id == me then
        if come[a.ep] then
            come[a.ep] = nil
        else
            gone[a.ep] = true
        end
    end
end

-- What must be left for those that come before.
local function needs_before(a, e, lv)
    local first = e.granted < lv
    local needs, most = 0, free(a)
    if a.wait == (e.place > 0 and 1 or 0) then
        return 0
    end
    for o in in_line(a) do
        if o == e then
            if first then
                break
            end
        elseif o.granted < lv then
            if o.place < e.place or not first then
                needs = needs + need_up_to(o, lv)
            end
        elseif not first and o.place < e.place then
            needs = needs + need(o)
        end
        if needs >= most then
            break -- nothing is left for it
        end
    end
    return needs
end

local function raise(a, e, connections)
    if connections > 0 then
        set_granted(a, e, e.granted + connections)
        a.back = a.back - (learning and connections or 0)
    end
end

local function grant(a, e)
    local lv = level(a)
    update_place(a, e)
    if free(a) > 0 then
        if e.wanted > e.granted and e.granted < lv then
            raise(a, e, min(need_up_to(e, lv), free(a) - needs_before(a, e, lv)))
            if e.granted >= lv and e.wanted > e.granted then
                join_at_end(a, e)
            end
        end
        if e.wanted > e.granted and e.granted >= lv then
            raise(a, e, min(need(e), free(a) - needs_before(a, e, lv)))
        end
        update_place(a, e)
        if a.wait == 0 then
            raise(a, e, min(e.wanted + e.nice - e.granted, free(a)))
        end
    end
    -- Time alone ends a turn, so those that wait for it look after it.
    if e.wanted > e.granted and e.granted == 0 and a.con > a.cap and (not a.since or now - a.since >= TURN)
            and (not a.turn or now < a.turn or now - a.turn >= 1000000) then
        a.turn, a.dirty, a.joined = now, true, true
    end
end

-- ---- targets

-- What those below the level lack beyond what is free; not counted further than needed.
local function missing(a, lv, needed)
    if not a.missing and (not a.lacks or a.lacks < needed) then
        local lacks = -free(a)
        for e in in_line(a) do
            lacks = lacks + need_up_to(e, lv)
            if lacks >= needed then
                a.lacks = lacks
                return lacks
            end
        end
        a.missing = lacks
    end
    return a.missing or a.lacks
end

-- More than the cap is granted, since it was lowered: each is to come down to an equal part.
local function part_of_cap(a, asked)
    local holders, rank = 0, 0
    for _, e in pairs(all(a)) do
        if e and e.granted > 0 then
            holders = holders + 1
            if e.id < asked.id then
                rank = rank + 1
            end
        end
    end
    return floor(a.cap / holders) + (rank < a.cap % holders and 1 or 0)
end

-- As many turns end as sessions have nothing, the longest first.
local function turn_is_over(a, asked)
    if now - asked.since < TURN then
        return false
    end
    local without = -free(a)
    for e in in_line(a) do
        if e.granted == 0 then
            without = without + 1
        end
    end
    if without <= 0 then
        return false
    end
    local longer = 0
    for _, e in pairs(all(a)) do
        if e and e.granted > 0 and (e.since < asked.since or (e.since == asked.since and e.id < asked.id)) then
            longer = longer + 1
        end
    end
    return longer < without
end

local function target(a, e)
    local t = NONE
    if e.granted == 0 then
        return t
    end
    if a.sum > a.cap then
        t = part_of_cap(a, e)
    end
    if a.wait == 0 then
        return t
    end
    local lv = level(a)
    if e.granted > lv then
        local lack = missing(a, lv, e.granted - lv)
        if lack > 0 then
            t = min(t, max(lv, e.granted - lack))
        end
    end
    if a.con > a.cap and turn_is_over(a, e) then
        return 0
    end
    return t
end

local function has_target(a, e)
    return e.granted > 0 and ((a.wait > 0 and e.granted > e.wanted) or e.granted > target(a, e))
end

-- ---- gaps, F5

local b = call('HMGET', base, 'time', 'until', 'knew', 'server', 'gen')
local last, learns_until, knew = tonumber(b[1]), tonumber(b[2] or 0), b[3] == '1'
local info = redis.pcall('INFO', 'server')
local server = type(info) == 'string' and string.match(info, 'run_id:(%w+)') or ''
local known = call('HMGET', base .. ':s:' .. me, 'seq', 'sum', 'lease')
local expiry = tonumber(call('ZSCORE', base .. ':s', me))
local gap = not last or now < last or now - last > lease / 2 or server ~= b[4]
learning, generation = learns_until > 0, tonumber(b[5] or 0)
local unrestated, must_restate, has_restated, ended = 0, false, false, false
if gap then
    local sessions = call('ZCARD', base .. ':s')
    gap = not last or sessions > 0 or learning and now < learns_until
    if gap then
        local longest = call('ZREVRANGE', base .. ':l', 0, 0, 'WITHSCORES')[2]
        learning, learns_until, knew = true, now + max(lease, tonumber(longest or 0)), sessions > 0
        generation = generation + 1 -- what was given back before is not known
        unrestated, must_restate = sessions, expiry ~= nil
    end
end
if not gap and learning then
    if now >= learns_until then
        learning, ended = false, true
    else
        unrestated = call('ZCARD', base .. ':u')
        must_restate = call('ZSCORE', base .. ':u', me) ~= false
    end
end

local function restated()
    if must_restate then
        must_restate, has_restated = false, true
        unrestated = unrestated - 1
    end
    if learning and knew and unrestated == 0 then
        learning, ended = false, true
    end
end

-- ---- expiry: a few at a time

local dropped = {}

local function drop(id)
    dropped[#dropped + 1] = id
    local endpoints = call('SMEMBERS', base .. ':x:' .. id)
    for _, ep in ipairs(endpoints) do
        local a = account(ep, id)
        if a.e[id] then
            remove(a, a.e[id])
        end
    end
    return #endpoints
end

if not learning then
    if expiry and expiry <= now then
        drop(me)
        known, gone = {}, {}
    end
    local left = 500
    for _, id in ipairs(call('ZRANGEBYSCORE', base .. ':s', '-inf', now, 'LIMIT', 0, 8)) do
        if id ~= me and left > 0 then
            left = left - drop(id)
        end
    end
end

-- ---- the step

local is_new = not known[1]
local before = known
if is_new then
    local farewell = call('HMGET', base .. ':f:' .. me, 'seq', 'until')
    before = tonumber(farewell[2] or 0) > now and farewell or {}
end
local applied = sequence > tonumber(before[1] or -1)
exact = not is_new and not must_restate and sequence == tonumber(before[1]) + 1
local lives = applied and not leaving
local restate = false
local named = {}
for i = FIRST_CLAIM, #ARGV, CLAIM do
    named[ARGV[i]] = true
end
mine = is_new and 0 or tonumber(known[2])

if lives then
    local may_raise = is_new or restating
    if restating then
        for _, ep in ipairs(is_new and {} or call('SMEMBERS', base .. ':x:' .. me)) do
            local a = not named[ep] and account(ep, me)
            if a and a.e[me] then
                remove(a, a.e[me])
            end
        end
        restated()
    end
    for i = FIRST_CLAIM, #ARGV, CLAIM do
        local ep, cap, share, wanted, nice = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2]),
            tonumber(ARGV[i + 3]), tonumber(ARGV[i + 4])
        local a = account(ep, me)
        if not a.cnt or a.cnt == 0 then -- its cap went with its last session
            a.cap, a.ver, a.sum, a.con, a.last, a.wait, a.cnt = cap, version, 0, 0, a.last or 0, 0, 0
            a.more, a.turn = nil, nil
        end
        if version > a.ver then
            a.cap, a.ver, a.dirty = cap, version, true
            a.missing, a.lacks, a.freed, a.joined = nil, nil, true, true
        end
        local e = a.e[me]
        if not e then
            e = { id = me, granted = 0, wanted = 0, nice = 0, place = 0, since = 0, at = 0 }
            a.e[me] = e
            a.cnt = a.cnt + 1
            if gone[ep] then
                gone[ep] = nil
            else
                come[ep] = true
            end
            mark(a, e)
        end
        local kept = min(e.granted, share)
        if may_raise and share > kept then
            kept = kept + min(share - kept, room(a))
        end
        keep(a, e, kept)
        if version ~= a.ver or cap == a.cap then
            set_wanted(a, e, wanted, nice)
        else
            set_wanted(a, e, min(kept, wanted), 0) -- else it would stand in line in vain, before others
        end
        update_place(a, e)
        if kept == 0 and wanted == 0 and nice == 0 then
            remove(a, e)
        end
    end
    restate = not restating and (mine ~= said or must_restate)
    for i = FIRST_CLAIM, #ARGV, CLAIM do
        local a = accounts[ARGV[i]]
        if a.e[me] then
            grant(a, a.e[me])
        end
    end
elseif applied and not is_new then
    drop(me)
    restated()
end

-- ---- the answer

local claims, others = {}, {}
local function add(to, a, e)
    local t = e and target(a, e) or NONE
    to[#to + 1] = e and e.granted or 0
    to[#to + 1] = t == NONE and -1 or t
    to[#to + 1] = a.wait
    to[#to + 1] = a.cap
    to[#to + 1] = a.ver
end

for i = FIRST_CLAIM, #ARGV, CLAIM do
    local a = account(ARGV[i], me)
    if a.sum and a.cnt > 0 then
        add(claims, a, a.e[me])
    else
        add(claims, { wait = 0, cap = tonumber(ARGV[i + 1]), ver = version }, nil)
    end
end
if not is_new and not (applied and leaving) then
    for _, ep in ipairs(call('SINTER', base .. ':p', base .. ':x:' .. me)) do
        local a = not named[ep] and account(ep, me)
        if a and a.e[me] and has_target(a, a.e[me]) then
            others[#others + 1] = ep
            add(others, a, a.e[me])
        end
    end
end

-- ---- hints: to the heads of a line when something is free, and to those with a target when one begins to starve

local hints = {}
local function hint(a, e)
    if e.id ~= me then
        local h = hints[e.id] or {}
        hints[e.id] = h
        h[#h + 1] = a.ep
    end
end

if ended then
    for i, ep in ipairs(call('SMEMBERS', base .. ':p')) do
        if i <= 200 then
            local a = account(ep, me)
            a.freed, a.joined = true, true
        end
    end
end

-- As long as something is left: first those below the level, then the others.
local function hint_heads(a)
    local lv, left = level(a), free(a)
    for e in in_line(a) do
        if left <= 0 then
            return
        end
        if e.granted < lv then
            left = left - need_up_to(e, lv)
            hint(a, e)
        end
    end
    for e in in_line(a) do
        if left <= 0 then
            return
        end
        if e.granted >= lv then
            left = left - need(e)
            hint(a, e)
        end
    end
end

-- Reads all sessions, so that the bounds are right again.
local function hint_pressed(a)
    local more, most, since = 0, 0, now
    for _, e in pairs(all(a)) do
        if e and e.granted > 0 then
            more = more + (e.granted > e.wanted and 1 or 0)
            most, since = max(most, e.granted), min(since, e.since)
            if has_target(a, e) then
                hint(a, e)
            end
        end
    end
    a.more, a.most, a.since, a.dirty = more, most, since, true
end

local function may_be_pressed(a)
    return not a.more or a.more > 0 or a.sum > a.cap or a.most > level(a) or (a.con > a.cap and now - a.since >= TURN)
end

for _, a in ipairs(touched) do
    if a.sum and a.freed and a.wait > 0 and free(a) > 0 then
        hint_heads(a)
    end
    if a.sum and a.joined and pressed(a) and may_be_pressed(a) then
        hint_pressed(a)
    end
end

-- ---- writing

call('HSET', base, 'time', now, 'until', learning and learns_until or 0, 'knew', knew and 1 or 0,
    'server', server, 'gen', generation)
if gap then -- none expires while it learns, and learning ends when each has restated or its lease is over
    call('ZUNIONSTORE', base .. ':u', 1, base .. ':s')
    call('ZUNIONSTORE', base .. ':s', 1, base .. ':s', 'WEIGHTS', 0)
end
if has_restated then
    call('ZREM', base .. ':u', me)
elseif ended then
    call('DEL', base .. ':u')
end
for _, id in ipairs(dropped) do
    call('ZREM', base .. ':s', id)
    call('ZREM', base .. ':l', id)
    call('ZREM', base .. ':u', id)
    call('DEL', base .. ':s:' .. id, base .. ':x:' .. id)
end
for _, a in ipairs(touched) do
    local key = base .. ':e:' .. a.ep
    if a.sum and (a.dirty or a.cnt == 0) then
        if a.stored and (a.cnt == 0 or a.empty) then
            call('DEL', key, base .. ':q:' .. a.ep)
        end
        if a.cnt == 0 then
            if learning and a.back > 0 then -- no session is there, but what was given back is for the next one
                call('HSET', key, 'cap', a.cap, 'ver', a.ver, 'sum', 0, 'con', 0, 'last', a.last, 'wait', 0, 'cnt', 0,
                    'back', a.back, 'of', generation)
                call('PEXPIRE', key, max(1, math.ceil((learns_until - now) / 1000)))
            end
        else
            local fields = { 'cap', a.cap, 'ver', a.ver, 'sum', a.sum, 'con', a.con, 'last', a.last, 'wait', a.wait,
                'cnt', a.cnt }
            local n = #fields
            local function put(field, value)
                fields[n + 1], fields[n + 2] = field, value
                n = n + 2
            end
            if learning then
                put('back', a.back)
                put('of', generation)
            end
            if a.more and pressed(a) then
                put('bounds', struct.pack(BOUNDS, a.more, a.most, a.since))
            elseif a.was then
                call('HDEL', key, 'bounds', 'turn')
            end
            if a.turn and pressed(a) then
                put('turn', a.turn)
            end
            for _, id in ipairs(a.left or {}) do
                call('ZREM', base .. ':q:' .. a.ep, id)
            end
            for id in pairs(a.changed) do
                local e = a.e[id]
                if e then
                    put(':' .. id, struct.pack(FORMAT, e.granted, e.wanted, e.nice, e.place, e.since))
                    if e.place > 0 and e.place ~= e.at then
                        call('ZADD', base .. ':q:' .. a.ep, e.place, id)
                    elseif e.place == 0 and e.at > 0 then
                        call('ZREM', base .. ':q:' .. a.ep, id)
                    end
                elseif a.stored then
                    call('HDEL', key, ':' .. id)
                end
            end
            call('HSET', key, unpack(fields))
        end
        local is = a.cnt > 0 and pressed(a)
        if is and not a.was then
            call('SADD', base .. ':p', a.ep)
        elseif a.was and not is then
            call('SREM', base .. ':p', a.ep)
        end
    end
end
if lives then
    for ep in pairs(gone) do
        call('SREM', base .. ':x:' .. me, ep)
    end
    for ep in pairs(come) do
        call('SADD', base .. ':x:' .. me, ep)
    end
    call('HSET', base .. ':s:' .. me, 'seq', sequence, 'sum', mine, 'lease', lease)
    call('ZADD', base .. ':s', now + lease, me)
    if lease ~= tonumber(known[3] or 0) then
        call('ZADD', base .. ':l', lease, me)
    end
elseif applied then
    call('HSET', base .. ':f:' .. me, 'seq', sequence, 'until', now + lease)
    call('PEXPIRE', base .. ':f:' .. me, math.ceil(lease / 1000))
end
for id, endpoints in pairs(hints) do
    local message = {}
    for i, ep in ipairs(endpoints) do
        message[i] = #ep .. ':' .. ep
    end
    call('PUBLISH', base .. ':h:' .. id, table.concat(message))
end
return { applied and 1 or 0, is_new and applied and 1 or 0, restate and 1 or 0, learning and 1 or 0, claims, others }
