package io.genericpool.core.model;

import io.genericpool.DisposeReason;
import io.genericpool.SuspendMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The state of a pool as a specification sees it, plain data that can be copied and compared, and the questions that
 * {@link PoolModel} asks about it. Endpoints, connections, requests and calls to the manager are numbers; 0 is none.
 */
abstract class ModelState {
    enum State {
        CONNECTING,
        IDLE,
        LEASED,
        PENDING,
        CHECKING,
        DISPOSING
    }

    enum Count {
        ACQUIRES,
        GRANTED,
        TIMED_OUT,
        CANCELLED,
        FAILED,
        REJECTED,
        CREATED,
        CONNECT_FAILURES
    }

    static final long NEVER = Long.MAX_VALUE;

    final TraceConfig config;
    Endpoint[] endpoints;
    /** The sums of endpoints that have left, and what is counted for none. */
    Endpoint gone = new Endpoint();

    TreeMap<Integer, Slot> slots = new TreeMap<>();
    TreeMap<Integer, Request> requests = new TreeMap<>();
    /** Warm-ups that have ended: how many connections they opened, and at most how many of those count. */
    TreeMap<Integer, WarmUp> warmedUp = new TreeMap<>();

    /** Endpoints that starve, oldest first. */
    List<Integer> starving = new ArrayList<>();
    /** Calls to the manager that were abandoned, with the slot they were about. */
    List<Slot> lost = new ArrayList<>();
    /** Connections that came too late and are to be disposed outside of the counts. */
    TreeSet<Integer> strays = new TreeSet<>();

    int strayCount;
    int total;
    long now;
    long tick;
    long ticks;
    int sequence;
    int lastRequest;

    /** What goes wrong in the present step, and the connections that were checked at once in it. */
    Fault fault = Fault.NONE;

    TreeSet<Integer> checkedAtOnce = new TreeSet<>();
    /** For each reading whether it is unknown (0), no (1) or yes (2). */
    private byte[] readings = new byte[Reading.values().length];

    private List<int[]> script = List.of();
    private int position;

    ModelState(TraceConfig config) {
        this.config = config;
        this.endpoints = new Endpoint[config.endpoints];
        this.total = config.total;
    }

    /** A slot: one permit, and the connection it is for, if there is one. */
    static final class Slot implements Cloneable {
        int id;
        int endpoint;
        State state = State.CONNECTING;
        int connection;
        /** The call to the manager under way. */
        int op;
        /** When that call was handed to the executor, whether it ignores cancellation, and has overrun its timeout. */
        long since;

        boolean stubborn;
        boolean late;
        /** How that call ended, when the pool has not taken it in yet. */
        Boolean result;
        /** The request that holds the lease. */
        int holder;
        /** The request that counts on what is under way. */
        int covers;

        int startSeq;
        int generation;
        boolean refill;
        int warmUp;
        long connected;
        long stamp;
        long checked;
        int idleOrder;
        int leases;
        boolean dead;
        boolean evicted;
        boolean retired;
        boolean uncounted;
        boolean rejected;
        /** Its lease came back without that anybody had it. */
        boolean unseen;
        /** Its request was cancelled after the delivery, before the completion. */
        boolean returning;

        DisposeReason reason;

        void become(State next, int call, long time) {
            state = next;
            op = call;
            since = time;
            late = false;
            stubborn = false;
            result = null;
            returning = false;
            holder = 0;
            covers = 0;
        }

        @Override
        public Slot clone() {
            try {
                return (Slot) super.clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public String toString() {
            return "e" + endpoint + " " + state + " c" + connection + " op" + op
                    + (holder == 0 ? "" : " held by r" + holder)
                    + (covers == 0 ? "" : " covers r" + covers) + " since " + since + " conn " + connected + " stamp "
                    + stamp
                    + "/" + checked + " #" + idleOrder + " seq" + startSeq + " g" + generation + " l" + leases
                    + (refill ? " refill" : "") + (warmUp == 0 ? "" : " w" + warmUp) + (dead ? " dead" : "")
                    + (evicted ? " evicted" : "") + (retired ? " retired" : "") + (uncounted ? " uncounted" : "")
                    + (rejected ? " rejected" : "")
                    + (returning ? " returning" : "") + (late ? " late" : "") + (stubborn ? " stubborn" : "")
                    + (result == null ? "" : " result " + result) + (reason == null ? "" : " " + reason);
        }
    }

    /** A request for a lease, until its lease has ended; the order of ids is the order of arrival. */
    static final class Request implements Cloneable {
        final int id;
        final int endpoint;
        final int serial;
        final boolean isNew;
        final long deadline;
        /** How it ended; null while it waits. */
        Count outcome;

        String error = "";
        boolean immediate;
        boolean done;
        /** Cancelled after the delivery, before the completion. */
        boolean withdrawn;

        long endedAt;

        Request(int id, int endpoint, int serial, boolean isNew, long deadline) {
            this.id = id;
            this.endpoint = endpoint;
            this.serial = serial;
            this.isNew = isNew;
            this.deadline = deadline;
        }

        @Override
        public Request clone() {
            try {
                return (Request) super.clone();
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public String toString() {
            return "r" + id + " e" + endpoint + (isNew ? " new" : "") + " until " + deadline + " "
                    + (outcome == null ? "waits" : outcome + " " + error) + (immediate ? " at once" : "")
                    + (done ? " done" : "") + (withdrawn ? " withdrawn" : "");
        }
    }

    static final class WarmUp {
        final int id;
        final int target;
        int left;
        int inFlight;
        int opened;
        int wasted;

        WarmUp(int id, int target, int left) {
            this.id = id;
            this.target = target;
            this.left = left;
        }

        WarmUp copy() {
            var copy = new WarmUp(id, target, left);
            copy.inFlight = inFlight;
            copy.opened = opened;
            copy.wasted = wasted;
            return copy;
        }

        @Override
        public String toString() {
            return "w" + id + ": " + target + "-" + left + " " + inFlight + " " + opened + " " + wasted;
        }
    }

    static final class Endpoint {
        int index;
        int serial;
        int minIdle;
        int maxSize;
        int maxWaiters;
        int maxConnects;
        SuspendMode suspended;
        boolean resized;
        boolean retained;
        boolean refillFailed;
        int generation;
        /** The last acquire or warm-up, long ago when there was none. */
        long touched = Long.MIN_VALUE / 2;

        long touchedTick = Long.MIN_VALUE / 2;
        long starvedSince;
        long[] counts = new long[Count.values().length];
        long[] disposed = new long[DisposeReason.values().length];
        List<WarmUp> warmUps = new ArrayList<>();

        Endpoint copy() {
            var copy = new Endpoint();
            copy.index = index;
            copy.serial = serial;
            copy.limit(minIdle, maxSize, maxWaiters, maxConnects);
            copy.suspended = suspended;
            copy.resized = resized;
            copy.retained = retained;
            copy.refillFailed = refillFailed;
            copy.generation = generation;
            copy.touched = touched;
            copy.touchedTick = touchedTick;
            copy.starvedSince = starvedSince;
            copy.counts = counts.clone();
            copy.disposed = disposed.clone();
            warmUps.forEach(each -> copy.warmUps.add(each.copy()));
            return copy;
        }

        void limit(int newMinIdle, int newMaxSize, int newMaxWaiters, int newMaxConnects) {
            minIdle = newMinIdle;
            maxSize = newMaxSize;
            maxWaiters = newMaxWaiters;
            maxConnects = newMaxConnects;
        }

        @Override
        public String toString() {
            return "e" + index + " minIdle " + minIdle + " maxSize " + maxSize + " maxWaiters " + maxWaiters
                    + " maxConnects "
                    + maxConnects + (suspended == null ? "" : " suspended " + suspended) + (resized ? " resized" : "")
                    + (retained ? " retained" : "") + (refillFailed ? " refillFailed" : "") + " g" + generation
                    + " touched "
                    + touched + "/" + touchedTick + " starved " + starvedSince + " " + Arrays.toString(counts)
                    + Arrays.toString(disposed) + warmUps;
        }
    }

    void copyTo(ModelState copy, List<int[]> choices) {
        copy.endpoints = new Endpoint[endpoints.length];
        Arrays.setAll(copy.endpoints, e -> endpoints[e] == null ? null : endpoints[e].copy());
        copy.gone = gone.copy();
        slots.forEach((id, slot) -> copy.slots.put(id, slot.clone()));
        requests.forEach((id, request) -> copy.requests.put(id, request.clone()));
        copy.warmedUp = new TreeMap<>(warmedUp);
        copy.starving = new ArrayList<>(starving);
        lost.forEach(slot -> copy.lost.add(slot.clone()));
        copy.strays = new TreeSet<>(strays);
        copy.strayCount = strayCount;
        copy.total = total;
        copy.now = now;
        copy.tick = tick;
        copy.ticks = ticks;
        copy.sequence = sequence;
        copy.lastRequest = lastRequest;
        copy.fault = fault;
        copy.checkedAtOnce = new TreeSet<>(checkedAtOnce);
        ((ModelState) copy).script = choices;
        ((ModelState) copy).readings = readings.clone();
    }

    /** Everything that tells this state from another one. */
    String key() {
        var lines = new ArrayList<String>();
        slots.values().forEach(slot -> lines.add(slot.toString()));
        lines.sort(Comparator.naturalOrder());
        return String.join("\n", lines) + "\n" + requests.values() + "\n" + Arrays.toString(endpoints) + gone
                + "\nstarving " + starving
                + " lost " + lost + " strays " + strays + " " + strayCount + " checked " + checkedAtOnce + " warm "
                + warmedUp
                + " total " + total + " now " + now + " tick " + tick
                + "\nreadings " + known();
    }

    // ---- Choices ----

    /** One of several ways to go on that the specification allows. */
    int choose(int ways) {
        if (ways <= 1) {
            return 0;
        }
        if (position == script.size()) {
            script.add(new int[] {0, ways});
        }
        return script.get(position++)[0];
    }

    /** How the pool answers what the specification leaves open: both ways are tried once, then it is known. */
    boolean reading(Reading reading) {
        if (reading.answer != null) {
            return reading.answer;
        }
        if (readings[reading.ordinal()] == 0) {
            readings[reading.ordinal()] = (byte) (1 + choose(2));
        }
        return readings[reading.ordinal()] == 2;
    }

    /** The answers that are known. */
    String known() {
        return Arrays.stream(Reading.values())
                .filter(reading -> readings[reading.ordinal()] != 0)
                .map(reading -> (readings[reading.ordinal()] == 2 ? "" : "not ") + reading)
                .collect(Collectors.joining(", "));
    }

    static void require(boolean condition, String expected) {
        if (!condition) {
            throw new Refused(expected);
        }
    }

    /** The pool did what this state does not allow. */
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refused(String expected) {
            super(expected, null, false, false);
        }
    }

    // ---- Questions ----

    List<Slot> find(Predicate<Slot> predicate) {
        List<Slot> found = new ArrayList<>();
        for (var slot : slots.values()) {
            if (predicate.test(slot)) {
                found.add(slot);
            }
        }
        return found;
    }

    int size(Endpoint ep) {
        return find(slot -> slot.endpoint == ep.index).size();
    }

    int size(Endpoint ep, State state) {
        return find(slot -> slot.endpoint == ep.index && slot.state == state).size();
    }

    /** What an endpoint will have when the disposals under way have ended. */
    int held(Endpoint ep) {
        return size(ep) - size(ep, State.DISPOSING);
    }

    int disposing() {
        return find(slot -> slot.state == State.DISPOSING).size();
    }

    int endpointCount() {
        return (int) Arrays.stream(endpoints).filter(ep -> ep != null).count();
    }

    /** Idle connections of an endpoint (or of all: null), the one that became idle first in front. */
    List<Slot> idle(Endpoint ep) {
        var idle = find(slot -> slot.state == State.IDLE && (ep == null || slot.endpoint == ep.index));
        idle.sort(Comparator.comparingInt(slot -> slot.idleOrder));
        return idle;
    }

    /** As many of some idle connections as given, those whose stamp is oldest. */
    List<Slot> idleLongest(List<Slot> idle, int count) {
        var sorted = new ArrayList<>(idle);
        sorted.sort(Comparator.comparingLong(slot -> slot.stamp));
        long last = count <= 0 || idle.isEmpty() ? NEVER : sorted.get(Math.min(count, sorted.size()) - 1).stamp;
        var chosen =
                sorted.stream().filter(slot -> count > 0 && slot.stamp < last).collect(Collectors.toList());
        var ties = sorted.stream().filter(slot -> slot.stamp == last).collect(Collectors.toList());
        chosen.addAll(some(ties, Math.min(count, sorted.size()) - chosen.size()));
        return chosen;
    }

    /** Any of some slots, as many as given. */
    List<Slot> some(List<Slot> slots, int count) {
        List<Slot> some = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            int missing = count - some.size();
            if (missing > 0 && (missing >= slots.size() - i || choose(2) == 0)) {
                some.add(slots.get(i));
            }
        }
        return some;
    }

    /** Those who wait for an endpoint, oldest first. */
    List<Request> waiters(Endpoint ep) {
        List<Request> waiters = new ArrayList<>();
        for (var request : requests.values()) {
            if (request.outcome == null && request.endpoint == ep.index) {
                waiters.add(request);
            }
        }
        return waiters;
    }

    Slot held(Request request) {
        return request == null ? null : first(slot -> slot.holder == request.id);
    }

    boolean isCovered(Request request) {
        return first(slot -> slot.covers == request.id) != null;
    }

    private Slot first(Predicate<Slot> predicate) {
        for (var slot : slots.values()) {
            if (predicate.test(slot)) {
                return slot;
            }
        }
        return null;
    }

    long uncovered(Endpoint ep) {
        return waiters(ep).stream().filter(waiter -> !isCovered(waiter)).count();
    }

    /** When slots and waiting requests are due: slots by their id negated, in the order of time. */
    Map.Entry<Long, List<Integer>> nextDeadline() {
        var agenda = new TreeMap<Long, List<Integer>>();
        for (var request : requests.values()) {
            if (request.outcome == null) {
                agenda.computeIfAbsent(request.deadline, time -> new ArrayList<>())
                        .add(request.id);
            }
        }
        for (var slot : slots.values()) {
            long timeout = config.timeout(slot.state);
            long due = sum(slot.since, slot.late ? sum(timeout, timeout) : timeout);
            agenda.computeIfAbsent(due, time -> new ArrayList<>()).add(-slot.id);
        }
        if (config.collector) {
            agenda.computeIfAbsent((ticks + 1) * config.tickPeriod(), time -> new ArrayList<>())
                    .add(0);
        }
        return agenda.isEmpty() ? Map.entry(NEVER, List.of()) : agenda.firstEntry();
    }

    static long sum(long time, long duration) {
        return duration == NEVER || time > NEVER - duration ? NEVER : time + duration;
    }

    void count(Request request, Count count, int change) {
        var ep = request.endpoint < 0 ? null : endpoints[request.endpoint];
        (ep != null && ep.serial == request.serial ? ep : gone).counts[count.ordinal()] += change;
    }

    // ---- Expiry ----

    long stamp() {
        return config.collector ? tick : now;
    }

    /** The time by which a hand-out judges: with a collector, that of its next tick. */
    long judged() {
        return config.collector ? tick + config.tickPeriod() : now;
    }

    boolean isExpired(Slot slot) {
        return judged() >= sum(slot.connected, config.lifetime);
    }

    boolean isStale(Slot slot) {
        return config.checks && judged() >= sum(Math.max(slot.stamp, slot.checked), config.bypass);
    }

    boolean isUsable(Slot slot) {
        return !isExpired(slot) && (!isStale(slot) || config.instantCheck && fault != Fault.CHECK_DEAD);
    }

    /** Why a connection must not be used any longer, null when it may. */
    DisposeReason doom(Slot slot) {
        var ep = endpoints[slot.endpoint];
        if (slot.dead || slot.evicted) {
            return slot.dead ? DisposeReason.DEAD : DisposeReason.EVICTED;
        } else if (slot.retired || isExpired(slot)) {
            return slot.retired ? DisposeReason.MAX_LEASES : DisposeReason.MAX_LIFETIME;
        } else if (slot.leases >= config.maxLeases) {
            return DisposeReason.MAX_LEASES;
        }
        return held(ep) > ep.maxSize || slots.size() - disposing() > total ? DisposeReason.RESIZED : null;
    }

    int minIdle(Endpoint ep) {
        boolean retained = config.collector ? ep.retained : ep.retained && now - ep.touched < config.retention;
        return retained ? ep.minIdle : 0;
    }

    // ---- Cover ----

    static boolean isComing(Slot slot) {
        return slot.state == State.CONNECTING || slot.state == State.CHECKING;
    }

    boolean accepts(Request waiter, Slot slot) {
        return !waiter.isNew || slot.state == State.CONNECTING && slot.startSeq > waiter.id;
    }
}
