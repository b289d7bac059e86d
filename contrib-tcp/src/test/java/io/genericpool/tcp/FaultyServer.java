package io.genericpool.tcp;

import java.io.IOException;
import java.io.OutputStream;

/** What a client's first byte makes a server do. */
enum FaultyServer {
    ECHO {
        @Override
        void serve(Peer.End end) throws IOException {
            Peer.echo(end);
        }
    },
    RESET {
        @Override
        void serve(Peer.End end) throws IOException {
            end.reset();
        }
    },
    CLOSE {
        @Override
        void serve(Peer.End end) throws IOException {
            end.close();
        }
    },
    HALF_CLOSE {
        @Override
        void serve(Peer.End end) throws IOException {
            end.shutdownOutput();
            end.in().transferTo(OutputStream.nullOutputStream());
        }
    },
    CHATTER {
        @Override
        void serve(Peer.End end) throws IOException {
            end.out().write(new byte[10_000]);
            end.in().transferTo(OutputStream.nullOutputStream());
        }
    };

    abstract void serve(Peer.End end) throws IOException;

    static void obey(Peer.End end) throws IOException {
        try {
            int order = end.in().read();
            if (order >= 0) {
                values()[order].serve(end);
            }
        } catch (IOException e) {
            // The client's faults are as bad as the server's.
        } finally {
            end.close();
        }
    }
}
