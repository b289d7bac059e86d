package io.genericpool.websocket.conformance;

import java.util.ArrayList;
import java.util.List;

/** The cases of one group. */
final class Table {
    static final String PLAIN = "/plain";
    static final String DEFLATE = "/deflate";
    static final String NO_CONTEXT = "/no-context";

    private final List<Case> cases = new ArrayList<>();
    private final String path;

    Table(String path) {
        this.path = path;
    }

    List<Case> cases() {
        return cases;
    }

    /** A case after which the connection is in order. */
    void passes(String name, Case.Script script) {
        add(name, path, true, script);
    }

    /** A case in which the connection fails with a code, which the server is told. */
    void fails(String name, int code, byte[]... writes) {
        add(name, path, false, Case.fails(code, writes));
    }

    /** A case that ends the connection. */
    void ends(String name, Case.Script script) {
        add(name, path, false, script);
    }

    void add(String name, String where, boolean leavesOpen, Case.Script script) {
        cases.add(new Case(name, where, leavesOpen, script));
    }
}
