package io.genericpool.commons;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.pool2.DestroyMode;
import org.apache.commons.pool2.KeyedPooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;

/** Makes things, remembers the calls, and does in them what a test has asked for. */
final class RecordingFactory implements KeyedPooledObjectFactory<String, Thing> {
    private final List<String> calls = new ArrayList<>();
    private final Map<String, Callable<Boolean>> scripts = new ConcurrentHashMap<>();
    private final Queue<Thing> all = new ConcurrentLinkedQueue<>();
    private final AtomicInteger made = new AtomicInteger();

    /** Does this in each call of a method, such as {@code make}; what it returns is what validate answers. */
    RecordingFactory on(String method, Callable<Boolean> script) {
        scripts.put(method, script);
        return this;
    }

    RecordingFactory fail(String method, Exception failure) {
        return on(method, () -> {
            throw failure;
        });
    }

    /** All things it has made so far. */
    List<Thing> all() {
        return List.copyOf(all);
    }

    RecordingFactory succeed(String method) {
        scripts.remove(method);
        return this;
    }

    /** The calls since the last time, such as {@code make 0}. */
    List<String> calls() {
        synchronized (calls) {
            List<String> all = List.copyOf(calls);
            calls.clear();
            return all;
        }
    }

    private boolean called(String method, int id) throws Exception {
        synchronized (calls) {
            calls.add(method + " " + id);
        }
        Callable<Boolean> script = scripts.get(method);
        return script == null || script.call();
    }

    @Override
    public PooledObject<Thing> makeObject(String key) throws Exception {
        int id = made.getAndIncrement();
        called("make", id);
        var thing = new Thing(id);
        all.add(thing);
        return new DefaultPooledObject<>(thing);
    }

    @Override
    public void activateObject(String key, PooledObject<Thing> pooled) throws Exception {
        called("activate", pooled.getObject().id);
        pooled.getObject().activate();
    }

    @Override
    public boolean validateObject(String key, PooledObject<Thing> pooled) {
        if (!pooled.getObject().isActive() && scripts.containsKey("demandActive")) {
            throw new AssertionError("validated while passive: " + pooled.getObject());
        }
        try {
            return called("validate", pooled.getObject().id);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void passivateObject(String key, PooledObject<Thing> pooled) throws Exception {
        called("passivate", pooled.getObject().id);
        pooled.getObject().passivate();
    }

    @Override
    public void destroyObject(String key, PooledObject<Thing> pooled) throws Exception {
        destroyObject(key, pooled, DestroyMode.NORMAL);
    }

    @Override
    public void destroyObject(String key, PooledObject<Thing> pooled, DestroyMode mode) throws Exception {
        pooled.getObject().destroy();
        called(mode == DestroyMode.NORMAL ? "destroy" : "abandon", pooled.getObject().id);
    }
}
