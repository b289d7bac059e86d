package io.genericpool.tcp;

class TlsManagerContractTest extends BlockingContract {
    TlsManagerContractTest() {
        super(Kind.TLS);
    }
}
