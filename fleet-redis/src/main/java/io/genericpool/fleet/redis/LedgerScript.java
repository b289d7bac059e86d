package io.genericpool.fleet.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/** The script that is the ledger, and where it keeps it. Thread-safe. */
final class LedgerScript {
    static final String SOURCE = read();

    private final UnifiedJedis redis;
    private final String prefix;
    private final byte[] source;
    private final byte[] hash;

    /** Tests give a source that tells the time otherwise. */
    LedgerScript(UnifiedJedis redis, String prefix, String source) {
        this.redis = redis;
        this.prefix = prefix;
        this.source = source.getBytes(StandardCharsets.UTF_8);
        this.hash = hash(this.source);
    }

    String prefix() {
        return prefix;
    }

    /** What all keys of a fleet begin with. The braces are the hash tag, so the name must have none. */
    String base(String fleet) {
        return "{" + prefix + ":"
                + fleet.replace("%", "%25").replace("{", "%7B").replace("}", "%7D") + "}";
    }

    byte[] channel(String fleet, String session) {
        return (base(fleet) + ":h:" + session).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Makes one step. A connection that turns out to be dead is replaced once: a step that was made already does no
     * harm, because its sequence is known.
     */
    Object call(String fleet, List<byte[]> arguments) {
        List<byte[]> keys = List.of(base(fleet).getBytes(StandardCharsets.UTF_8));
        try {
            return evaluateAgain(keys, arguments);
        } catch (JedisConnectionException e) {
            throw new ConnectionFailure(e).named();
        }
    }

    private Object evaluateAgain(List<byte[]> keys, List<byte[]> arguments) {
        try {
            return evaluate(keys, arguments);
        } catch (JedisConnectionException e) {
            if (!new ConnectionFailure(e).isCut()) {
                throw e;
            }
            return evaluate(keys, arguments);
        }
    }

    private Object evaluate(List<byte[]> keys, List<byte[]> arguments) {
        try {
            return redis.evalsha(hash, keys, arguments);
        } catch (JedisNoScriptException e) {
            return redis.eval(source, keys, arguments);
        }
    }

    private static String read() {
        try (InputStream in = LedgerScript.class.getResourceAsStream("ledger.lua")) {
            if (in == null) {
                throw new IllegalStateException("ledger.lua is missing beside " + LedgerScript.class);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] hash(byte[] source) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(source);
            return HexFormat.of().formatHex(hash).getBytes(StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each JDK has SHA-1", e);
        }
    }
}
