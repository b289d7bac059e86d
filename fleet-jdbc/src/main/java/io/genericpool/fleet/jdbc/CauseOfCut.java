package io.genericpool.fleet.jdbc;

import java.net.ConnectException;
import java.net.SocketTimeoutException;

/** Why a connection is of no use any more. */
final class CauseOfCut {
    private CauseOfCut() {}

    /** The server is not there, or says nothing: another attempt would take as long. */
    static boolean isSilence(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException || cause instanceof SocketTimeoutException) {
                return true;
            }
        }
        return false;
    }
}
