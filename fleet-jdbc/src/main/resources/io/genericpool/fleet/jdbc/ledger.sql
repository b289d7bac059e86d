-- The ledger of fleets, as io.genericpool.spi.shared.FleetEngine describes it. PostgreSQL 13 or later. Each step holds the
-- lock of its fleet's row from its beginning to its end, and takes no other lock before it: steps of one fleet follow
-- each other, and no two wait for each other. %1$s is the schema. Times are microseconds of the server's clock.

create schema if not exists %1$s;

create table if not exists %1$s.fleet (
    fleet text primary key,
    last bigint,                              -- the time of the last step
    learns_until bigint not null default 0,   -- 0: it does not learn
    knew boolean not null default false,      -- there were sessions when learning began
    server bigint not null default 0,         -- when the server was started
    learned bigint not null default 0);       -- how often it has begun to learn

create table if not exists %1$s.session (
    fleet text,
    session text,
    seq bigint not null,
    expires bigint not null,
    lease bigint not null,                     -- what it asked for last
    unrestated boolean not null default false, -- it was known when learning began, and has not restated
    primary key (fleet, session));

-- A session that has left: its last sequence, for a lease.
create table if not exists %1$s.farewell (
    fleet text,
    session text,
    seq bigint not null,
    expires bigint not null,
    primary key (fleet, session));

create index if not exists session_expires on %1$s.session (fleet, expires);

create table if not exists %1$s.account (
    fleet text,
    endpoint text,
    cap integer not null,
    ver bigint not null,
    last bigint not null default 0,           -- the last place given away
    granted bigint not null default 0,        -- the sum of all grants
    contenders integer not null default 0,
    waiting integer not null default 0,       -- how many starve
    entries integer not null default 0,
    given_back bigint not null default 0,     -- while it learns, and not granted since
    learned bigint not null default 0,        -- in which learning that was
    turn bigint not null default 0,           -- when those whose turn is over were told last
    primary key (fleet, endpoint));

create index if not exists account_pressed on %1$s.account (fleet, endpoint) where waiting > 0 or granted > cap;

create table if not exists %1$s.entry (
    fleet text,
    endpoint text,
    session text,
    granted integer not null,
    wanted integer not null,
    nice integer not null,
    place bigint not null,                    -- in the line of the starving; 0: it is in none
    since bigint not null,                    -- when it was last granted something after nothing
    primary key (fleet, endpoint, session));

create index if not exists entry_session on %1$s.entry (fleet, session);

-- After a change of an endpoint's entries: what its sums change by.
create or replace function %1$s.settle(
    f text, ep text, d_granted bigint, d_contenders integer, d_waiting integer, d_entries integer)
returns void language plpgsql as $body$
declare
    n integer;
begin
    update %1$s.account a set granted = a.granted + d_granted, contenders = a.contenders + d_contenders,
            waiting = a.waiting + d_waiting, entries = a.entries + d_entries
        where a.fleet = f and a.endpoint = ep
        returning a.entries into n;
    if n = 0 then -- unless something was given back while the ledger learns
        delete from %1$s.account a using %1$s.fleet x
            where a.fleet = f and a.endpoint = ep and x.fleet = f
                and (x.learns_until = 0 or a.learned <> x.learned or a.given_back = 0);
    end if;
end $body$;

-- What may be granted. While the ledger learns (the how-manieth time; else null), a session that it does not know may
-- hold what was not given back since.
create or replace function %1$s.free(a %1$s.account, learns bigint) returns bigint language sql immutable as $body$
    select case when learns is null then greatest(0, a.cap - a.granted)
                when learns = a.learned then greatest(0, least(a.cap - a.granted, a.given_back))
                else 0 end
$body$;

-- What a session has given back while the ledger learns, or was granted of that.
create or replace function %1$s.give_back(f text, ep text, learns bigint, more bigint)
returns void language sql as $body$
    update %1$s.account x
        set given_back = case when x.learned = learns then x.given_back else 0 end + more, learned = learns
        where x.fleet = f and x.endpoint = ep and more <> 0
$body$;

-- What a session is to come down to, or -1.
create or replace function %1$s.target(a %1$s.account, e %1$s.entry, now bigint, turn bigint, learns bigint)
returns integer language plpgsql stable as $body$
declare
    t bigint;
    lv integer := greatest(1, a.cap / greatest(1, a.contenders));
    free bigint := %1$s.free(a, learns);
    holders integer;
    rank integer;
    missing bigint;
begin
    if e.granted = 0 then
        return -1;
    end if;
    if a.granted > a.cap then -- it was lowered: each is to come down to an equal part
        select count(*), count(*) filter (where x.session collate "C" < e.session collate "C") into holders, rank
            from %1$s.entry x where x.fleet = a.fleet and x.endpoint = a.endpoint and x.granted > 0;
        t := a.cap / holders + case when rank < a.cap %% holders then 1 else 0 end;
    end if;
    if a.waiting > 0 then
        if e.granted > lv then
            select sum(greatest(0, least(x.wanted, lv) - x.granted)) - free into missing
                from %1$s.entry x where x.fleet = a.fleet and x.endpoint = a.endpoint and x.place > 0;
            if missing > 0 then
                t := least(t, greatest(lv, e.granted - missing)); -- least ignores null
            end if;
        end if;
        -- As many turns end as sessions have nothing, the longest first.
        if a.contenders > a.cap and now - e.since >= turn then
            select count(*) - free into missing from %1$s.entry x
                where x.fleet = a.fleet and x.endpoint = a.endpoint and x.place > 0 and x.granted = 0;
            select count(*) into rank from %1$s.entry x
                where x.fleet = a.fleet and x.endpoint = a.endpoint and x.granted > 0
                    and (x.since, x.session collate "C") < (e.since, e.session collate "C");
            if rank < missing then
                t := 0;
            end if;
        end if;
    end if;
    return coalesce(t, -1);
end $body$;

create or replace function %1$s.channel(f text, s text) returns text language sql immutable as
$body$ select 'genericpool_' || md5('%1$s.' || length(f) || ':' || f || s) $body$;

-- Grants a session what it wants, as far as something is free beyond the needs of those before it.
create or replace function %1$s.grant_more(f text, ep text, s text, now bigint, learns bigint)
returns void language plpgsql as $body$
declare
    a %1$s.account;
    e %1$s.entry;
    lv integer;
    free bigint;
    before bigint;
    others integer;
    more bigint;
    granted_before integer;
    place_before bigint;
begin
    select * into a from %1$s.account x where x.fleet = f and x.endpoint = ep;
    select * into e from %1$s.entry x where x.fleet = f and x.endpoint = ep and x.session = s;
    free := %1$s.free(a, learns);
    if e.session is null or free <= 0 then
        return;
    end if;
    lv := greatest(1, a.cap / greatest(1, a.contenders));
    others := a.waiting - (e.place > 0)::integer;
    granted_before := e.granted;
    place_before := e.place;
    if e.wanted > e.granted and e.granted < lv then
        before := 0;
        if others > 0 then
            select coalesce(sum(greatest(0, least(x.wanted, lv) - x.granted)), 0) into before
                from %1$s.entry x
                where x.fleet = f and x.endpoint = ep and x.place > 0 and x.place < e.place and x.granted < lv;
        end if;
        more := greatest(0, least(least(e.wanted, lv) - e.granted, free - before));
        e.since := case when e.granted = 0 and more > 0 then now else e.since end;
        e.granted := e.granted + more;
        free := free - more;
        if e.granted >= lv and e.wanted > e.granted then
            a.last := a.last + 1; -- to the end of the second line
            e.place := a.last;
        end if;
    end if;
    if e.wanted > e.granted and e.granted >= lv then
        before := 0;
        if others > 0 then
            select coalesce(sum(case when x.granted < lv then greatest(0, least(x.wanted, lv) - x.granted)
                                     when x.place < e.place then greatest(0, x.wanted - x.granted) else 0 end), 0)
                into before from %1$s.entry x
                where x.fleet = f and x.endpoint = ep and x.place > 0 and x.session <> s;
        end if;
        more := greatest(0, least(e.wanted - e.granted, free - before));
        e.granted := e.granted + more;
        free := free - more;
    end if;
    if e.wanted <= e.granted then
        e.place := 0;
        if others = 0 then
            more := greatest(0, least(e.wanted::bigint + e.nice - e.granted, free));
            e.since := case when e.granted = 0 and more > 0 then now else e.since end;
            e.granted := e.granted + more;
        end if;
    end if;
    if e.granted <> granted_before or e.place <> place_before then
        update %1$s.entry x set granted = e.granted, place = e.place, since = e.since
            where x.fleet = f and x.endpoint = ep and x.session = s;
        update %1$s.account x set last = a.last where x.fleet = f and x.endpoint = ep and x.last <> a.last;
        if learns is not null then
            perform %1$s.give_back(f, ep, learns, granted_before - e.granted);
        end if;
        perform %1$s.settle(
            f, ep, e.granted - granted_before, 0, (e.place > 0)::integer - (place_before > 0)::integer, 0);
    end if;
end $body$;

-- A session ends. Returns the endpoints where it was granted something, or stood in line. What it had is free for sure
-- only where the ledger does not learn, or else knows that it had that.
create or replace function %1$s.drop_session(f text, s text, learns bigint) returns text[] language plpgsql as $body$
declare
    gone record;
    freed text[] := '{}';
begin
    for gone in delete from %1$s.entry x where x.fleet = f and x.session = s returning x.* loop
        if learns is not null then
            perform %1$s.give_back(f, gone.endpoint, learns, gone.granted);
        end if;
        perform %1$s.settle(f, gone.endpoint, -gone.granted, -(gone.wanted > 0)::integer, -(gone.place > 0)::integer, -1);
        if gone.granted > 0 or gone.place > 0 then
            freed := freed || gone.endpoint;
        end if;
    end loop;
    delete from %1$s.session x where x.fleet = f and x.session = s;
    return freed;
end $body$;

create or replace function %1$s.learn_end(f text) returns boolean language plpgsql as $body$
begin
    update %1$s.fleet x set learns_until = 0 where x.fleet = f;
    update %1$s.session x set unrestated = false where x.fleet = f and x.unrestated;
    delete from %1$s.account x where x.fleet = f and x.entries = 0;
    return true;
end $body$;

create or replace function %1$s.step(
    f text, s text, p_seq bigint, p_lease bigint, p_turn bigint, p_ver bigint, p_sum bigint, p_kind text,
    p_endpoints text[], p_caps integer[], p_shares integer[], p_wanted integer[], p_nice integer[],
    out applied boolean, out is_new boolean, out restate boolean, out learning boolean,
    out endpoints text[], out shares integer[], out targets integer[], out waiting integer[], out caps integer[],
    out versions bigint[])
language plpgsql as $body$
declare
    now bigint;
    started bigint := (extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint;
    fl %1$s.fleet;
    ss %1$s.session;
    a %1$s.account;
    e %1$s.entry;
    gap boolean;
    ended boolean := false;
    may_raise boolean;
    is_right boolean;
    is_known boolean;
    granted_before integer;
    place_before bigint;
    kept integer;
    want integer;
    spare integer;
    freed text[] := '{}';  -- where something was given back
    joined text[] := '{}'; -- where a session has begun to starve
    ep text;
    other record;
    t integer;
    room bigint;
    known text[];
    learns bigint;         -- the number of this learning; null: it does not learn
    exact bigint;          -- the same, if the ledger had this session's numbers from the call just before
begin
    restate := false;
    select * into fl from %1$s.fleet x where x.fleet = f for update;
    if not found then
        insert into %1$s.fleet (fleet) values (f) on conflict do nothing;
        select * into fl from %1$s.fleet x where x.fleet = f for update;
    end if;
    now := (extract(epoch from clock_timestamp()) * 1000000)::bigint; -- with the lock, so that it does not go back

    -- gap
    learning := fl.learns_until > 0;
    gap := fl.last is null or now < fl.last or now - fl.last > p_lease / 2 or started <> fl.server;
    if gap and (fl.last is null or learning and now < fl.learns_until
            or exists (select from %1$s.session x where x.fleet = f)) then
        learning := true;
        fl.learns_until := now + greatest(
            p_lease, (select max(x.lease) from %1$s.session x where x.fleet = f)); -- greatest ignores null
        update %1$s.session x set unrestated = true, expires = fl.learns_until where x.fleet = f;
        fl.knew := found;
        fl.learned := fl.learned + 1; -- what was given back before is not known
    elsif learning and now >= fl.learns_until then
        learning := false;
        ended := %1$s.learn_end(f);
        fl.learns_until := 0;
    end if;
    update %1$s.fleet x set last = now, learns_until = fl.learns_until, knew = fl.knew, server = started,
            learned = fl.learned
        where x.fleet = f;
    learns := case when learning then fl.learned end;

    -- expiry: a few at a time, and this one at any rate
    if not learning then
        for other in select x.session from %1$s.session x where x.fleet = f and x.expires <= now
                     order by x.session <> s, x.expires limit 8 loop
            freed := freed || %1$s.drop_session(f, other.session, null);
        end loop;
    end if;

    -- order, lease
    select * into ss from %1$s.session x where x.fleet = f and x.session = s;
    is_new := ss.session is null;
    if is_new then -- a batch that was late on its way does not bring a session back that has left
        select x.seq into ss.seq from %1$s.farewell x where x.fleet = f and x.session = s and x.expires > now;
    end if;
    applied := p_seq > coalesce(ss.seq, -1);
    exact := case when not is_new and not ss.unrestated and p_seq = ss.seq + 1 then learns end;
    is_new := is_new and applied;
    if applied and p_kind = 'l' then
        delete from %1$s.farewell x where x.fleet = f and x.expires <= now;
        insert into %1$s.farewell (fleet, session, seq, expires) values (f, s, p_seq, now + p_lease)
            on conflict (fleet, session) do update set seq = excluded.seq, expires = excluded.expires;
        if not is_new then
            freed := freed || %1$s.drop_session(f, s, exact);
        end if;
    elsif applied then
        insert into %1$s.session as x (fleet, session, seq, expires, lease)
            values (f, s, p_seq, now + p_lease, p_lease)
            on conflict (fleet, session) do update set seq = excluded.seq, expires = excluded.expires,
                lease = excluded.lease, unrestated = x.unrestated and p_kind <> 'r';
        may_raise := is_new or p_kind = 'r';
        if p_kind = 'r' then
            for other in delete from %1$s.entry x
                         where x.fleet = f and x.session = s and not x.endpoint = any (p_endpoints)
                         returning x.* loop
                if exact is not null then
                    perform %1$s.give_back(f, other.endpoint, exact, other.granted);
                end if;
                perform %1$s.settle(
                    f, other.endpoint, -other.granted, -(other.wanted > 0)::integer, -(other.place > 0)::integer, -1);
                freed := freed || other.endpoint;
            end loop;
        end if;
    end if;
    if applied and not is_new and p_kind <> 'c' and learning and fl.knew
            and not exists (select from %1$s.session x where x.fleet = f and x.unrestated) then
        learning := false;
        ended := %1$s.learn_end(f);
        learns := null;
        exact := null;
    end if;

    if applied and p_kind <> 'l' then
        -- cap, keep
        for i in 1 .. cardinality(p_endpoints) loop
            ep := p_endpoints[i];
            select * into a from %1$s.account x where x.fleet = f and x.endpoint = ep;
            if not found then
                insert into %1$s.account (fleet, endpoint, cap, ver) values (f, ep, p_caps[i], p_ver) returning * into a;
            elsif a.entries = 0 or p_ver > a.ver then -- its cap went with its last session, or is another one now
                update %1$s.account x set cap = p_caps[i], ver = p_ver where x.fleet = f and x.endpoint = ep
                    returning * into a;
                freed := freed || ep;
                joined := joined || ep;
            end if;
            select * into e from %1$s.entry x where x.fleet = f and x.endpoint = ep and x.session = s;
            is_known := found;
            if not found then
                e.granted := 0;
                e.wanted := 0;
                e.place := 0;
                e.since := 0;
            end if;
            granted_before := e.granted;
            place_before := e.place;
            kept := least(e.granted, p_shares[i]);
            if may_raise and p_shares[i] > kept then
                room := greatest(0, a.cap - a.granted);
                kept := kept + least(p_shares[i] - kept, room);
            end if;
            is_right := p_ver <> a.ver or p_caps[i] = a.cap; -- else it would stand in line in vain, before others
            want := case when is_right then p_wanted[i] else least(kept, p_wanted[i]) end;
            spare := case when is_right then p_nice[i] else 0 end;
            if kept < e.granted or greatest(0, want - kept) < greatest(0, e.wanted - kept) then
                freed := freed || ep; -- what was its own, or was kept for it
            end if;
            if kept < e.granted and exact is not null then
                perform %1$s.give_back(f, ep, exact, e.granted - kept);
            elsif e.granted = 0 and kept > 0 then
                e.since := now;
            end if;
            if want <= kept then
                e.place := 0;
            elsif e.place = 0 then
                update %1$s.account x set last = x.last + 1 where x.fleet = f and x.endpoint = ep
                    returning last into e.place;
                joined := joined || ep;
            end if;
            if kept = 0 and p_wanted[i] = 0 and p_nice[i] = 0 then
                want := 0;
                e.place := 0;
                delete from %1$s.entry x where x.fleet = f and x.endpoint = ep and x.session = s;
                perform %1$s.settle(f, ep, -granted_before, -(e.wanted > 0)::integer, -(place_before > 0)::integer,
                    -is_known::integer);
            else
                insert into %1$s.entry values (f, ep, s, kept, want, spare, e.place, e.since)
                    on conflict (fleet, endpoint, session) do update set granted = kept, wanted = want, nice = spare,
                        place = e.place, since = e.since;
                perform %1$s.settle(f, ep, kept - granted_before, (want > 0)::integer - (e.wanted > 0)::integer,
                    (e.place > 0)::integer - (place_before > 0)::integer, (not is_known)::integer);
            end if;
        end loop;

        -- sum
        restate := p_kind <> 'r' and (p_sum <> coalesce(
                (select sum(x.granted) from %1$s.entry x where x.fleet = f and x.session = s), 0)
            or (learning and exists (select from %1$s.session x where x.fleet = f and x.session = s and x.unrestated)));

        -- grant
        for i in 1 .. cardinality(p_endpoints) loop
            perform %1$s.grant_more(f, p_endpoints[i], s, now, learns);
        end loop;
    end if;

    -- the answer: the claims, then other endpoints where the session has a target or more than it wants
    known := p_endpoints;
    if not is_new and not (applied and p_kind = 'l') then
        known := known || array(select x.endpoint from %1$s.account x
            join %1$s.entry y on y.fleet = f and y.endpoint = x.endpoint and y.session = s and y.granted > 0
            where x.fleet = f and (x.waiting > 0 or x.granted > x.cap) and not x.endpoint = any (p_endpoints));
    end if;
    for i in 1 .. cardinality(known) loop
        ep := known[i];
        select * into a from %1$s.account x where x.fleet = f and x.endpoint = ep;
        if not found or a.entries = 0 then
            a.cap := p_caps[i];
            a.ver := p_ver;
            a.waiting := 0;
        end if;
        select * into e from %1$s.entry x where x.fleet = f and x.endpoint = ep and x.session = s;
        t := case when e.session is null then -1 else %1$s.target(a, e, now, p_turn, learns) end;
        if i <= cardinality(p_endpoints) or (a.waiting > 0 and e.granted > e.wanted) or (t >= 0 and e.granted > t) then
            endpoints := endpoints || ep;
            shares := shares || coalesce(e.granted, 0);
            targets := targets || t;
            waiting := waiting || a.waiting;
            caps := caps || a.cap;
            versions := versions || a.ver;
        end if;
        if applied and i <= cardinality(p_endpoints) and e.place > 0 and e.granted = 0 and a.contenders > a.cap
                and (a.turn <= now - 1000000 or a.turn > now) then -- time alone ends a turn, so those that wait look after it
            update %1$s.account x set turn = now where x.fleet = f and x.endpoint = ep;
            joined := joined || ep;
        end if;
    end loop;

    -- hints: to the heads of a line when something is free, and to those with a target when one begins to starve
    if ended then
        known := array(select x.endpoint from %1$s.account x
            where x.fleet = f and (x.waiting > 0 or x.granted > x.cap) limit 200);
        freed := freed || known;
        joined := joined || known;
    end if;
    if cardinality(freed) > 0 or cardinality(joined) > 0 then
        for a in select distinct x.* from unnest(freed) u(endpoint)
                 join %1$s.account x on x.fleet = f and x.endpoint = u.endpoint
                 where x.waiting > 0 and x.granted < x.cap loop
            room := %1$s.free(a, learns);
            kept := greatest(1, a.cap / greatest(1, a.contenders)); -- the level
            for e in select x.* from %1$s.entry x where x.fleet = f and x.endpoint = a.endpoint and x.place > 0
                     order by x.granted >= kept, x.place loop
                exit when room <= 0;
                room := room - case when e.granted < kept then least(e.wanted, kept) - e.granted
                                    else e.wanted - e.granted end;
                if e.session <> s then
                    perform pg_notify(%1$s.channel(f, e.session), a.endpoint);
                end if;
            end loop;
        end loop;
        for a in select distinct x.* from unnest(joined) u(endpoint)
                 join %1$s.account x on x.fleet = f and x.endpoint = u.endpoint
                 where x.waiting > 0 or x.granted > x.cap loop
            for e in select x.* from %1$s.entry x
                     where x.fleet = f and x.endpoint = a.endpoint and x.granted > 0 and x.session <> s loop
                t := %1$s.target(a, e, now, p_turn, learns);
                if (a.waiting > 0 and e.granted > e.wanted) or (t >= 0 and e.granted > t) then
                    perform pg_notify(%1$s.channel(f, e.session), a.endpoint);
                end if;
            end loop;
        end loop;
    end if;
end $body$;
