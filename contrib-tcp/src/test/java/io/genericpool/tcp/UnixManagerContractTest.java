package io.genericpool.tcp;

import io.genericpool.spi.ManagerHook;
import java.util.Set;

class UnixManagerContractTest extends BlockingContract {
    UnixManagerContractTest() {
        super(Kind.UNIX);
    }

    @Override
    protected Set<ManagerHook> unusedHooks() {
        return Set.of(ManagerHook.ADDRESSES); // a path has none
    }
}
