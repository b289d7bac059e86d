package io.genericpool.core.fault;

import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Loads a copy of the engine in which each allocation and each call of the slow path is preceded by a call of {@link
 * FaultHook}, and the scenario that uses it.
 */
final class FaultLoader extends ClassLoader {
    private static final String CORE = "io.genericpool.core.";
    private static final String INTERNAL = "io/genericpool/core/internal/";
    private static final String HOOK = FaultHook.class.getName().replace('.', '/');

    /** Neither own connections or requests: settings, texts, statistics, the words and lists they are made of. */
    private static final Set<String> PASSED_OVER = Set.of(
            "Backoff",
            "Circuit",
            "CircuitChange",
            "CountsSnapshot",
            "EndpointLabels",
            "EndpointLock",
            "EndpointSnapshot",
            "FailingCircuits",
            "ThreadDescription",
            "Knobs",
            "LeakReports",
            "ManagerHooks",
            "Periods",
            "PoolSettings",
            "PoolSnapshot",
            "SafeLog",
            "SlotLease",
            "WarnLimit");

    /** What ends or begins a lease by one CAS, and cannot be left half done. */
    private static final Set<String> FAST_PATH = Set.of(
            "EndpointPool.tryLease",
            "EndpointPool.release",
            "EndpointSlots.tryLeaseIdle",
            "SlotArray.tryLease",
            "SlotArray.scan",
            "Slot.tryLease",
            "Slot.tryRelease",
            "Slot.casWordVolatile",
            "DefaultConnectionPool.connection",
            "DefaultConnectionPool.tryConnection",
            "DefaultConnectionPool.granted",
            "DefaultConnectionPool.tryFast");

    FaultLoader(ClassLoader parent) {
        super(parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean isResolved) throws ClassNotFoundException {
        if (!name.startsWith(CORE) || isShared(name)) {
            return super.loadClass(name, isResolved);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded != null ? loaded : define(name);
        }
    }

    private static boolean isShared(String name) {
        return name.startsWith(FaultHook.class.getName())
                || name.startsWith(FaultSite.class.getName())
                || name.equals(FaultRun.class.getName());
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        String path = name.replace('.', '/');
        try (InputStream in = getParent().getResourceAsStream(path + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            byte[] code = isMeant(path) ? transformed(bytes) : bytes;
            return defineClass(name, code, 0, code.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private static boolean isMeant(String path) {
        if (!path.startsWith(INTERNAL)) {
            return false;
        }
        String simple = simpleName(path);
        int nested = simple.indexOf('$');
        return !PASSED_OVER.contains(nested < 0 ? simple : simple.substring(0, nested));
    }

    private static String simpleName(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static byte[] transformed(byte[] bytes) {
        var writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        var reader = new ClassReader(bytes);
        String simple = simpleName(reader.getClassName());
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
                        boolean isLeftAlone = name.equals("<clinit>")
                                || (access & Opcodes.ACC_BRIDGE) != 0
                                || FAST_PATH.contains(simple + "." + name);
                        return isLeftAlone ? next : new Visits(next, simple, name);
                    }
                },
                0);
        return writer.toByteArray();
    }

    /** Adds the visits to one method. */
    private static final class Visits extends MethodVisitor {
        private final String owner;
        private final String method;
        private int line;

        Visits(MethodVisitor next, String owner, String method) {
            super(Opcodes.ASM9, next);
            this.owner = owner;
            this.method = method;
        }

        @Override
        public void visitLineNumber(int number, Label start) {
            line = number;
            super.visitLineNumber(number, start);
        }

        private void visit(String what, boolean isAllocation) {
            super.visitLdcInsn(FaultHook.register(new FaultSite(owner, method, line, what, isAllocation)));
            super.visitMethodInsn(Opcodes.INVOKESTATIC, HOOK, "visit", "(I)V", false);
        }

        @Override
        public void visitTypeInsn(int opcode, String type) {
            super.visitTypeInsn(opcode, type); // stack maps point at it: it must keep its place behind its label
            if (opcode == Opcodes.NEW || opcode == Opcodes.ANEWARRAY) {
                visit("new " + type, true);
            }
        }

        @Override
        public void visitIntInsn(int opcode, int operand) {
            if (opcode == Opcodes.NEWARRAY) {
                visit("new array", true);
            }
            super.visitIntInsn(opcode, operand);
        }

        @Override
        public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
            visit("lambda " + name, true);
            super.visitInvokeDynamicInsn(name, descriptor, bootstrap, arguments);
        }

        @Override
        public void visitMethodInsn(int opcode, String type, String name, String descriptor, boolean isInterface) {
            // A lock that cannot be let go for want of stack is beyond repair, in the library of the JDK as well.
            // And what the manager does when it is asked is its own affair.
            boolean isManagers = type.endsWith("ConnectionManager") && name.startsWith("dispose");
            if (!name.equals("<init>") && !name.equals("unlock") && !isManagers) {
                visit(type.substring(type.lastIndexOf('/') + 1) + "." + name, false);
            }
            super.visitMethodInsn(opcode, type, name, descriptor, isInterface);
        }
    }
}
