package io.genericpool.core.internal.slot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.genericpool.DisposeReason;
import org.junit.jupiter.api.Test;

public class SlotTest {
    private final Slot<String, Object> slot = idle();

    public static Slot<String, Object> idle() {
        return idle(0);
    }

    public static Slot<String, Object> idle(int index) {
        return idle(new ListingOwner(), index);
    }

    public static Slot<String, Object> idle(SlotOwner<String, Object> owner, int index) {
        var slot = new Slot<>(owner, index);
        slot.connection = new Object();
        slot.usableUntil = 100;
        slot.tryMoveUnflagged(Slot.IDLE);
        return slot;
    }

    /** Shows I1. */
    @Test
    void anIdleSlotIsLeasedOnceUntilItIsReleased() {
        long first = slot.tryLease(0);
        assertThat(first).isNotZero();
        assertThat(slot.state()).isEqualTo(Slot.LEASED);
        assertThat(slot.tryLease(0)).isZero();
        assertThat(slot.tryRelease(first)).isTrue();
        assertThat(slot.isIdle()).isTrue();

        long second = slot.tryLease(0);

        assertThat(Slot.version(second)).isEqualTo(Slot.version(first) + 1);
        assertThat(slot.tryRelease(first)).as("a stale release").isFalse();
        assertThat(slot.tryPend(first)).as("a stale invalidation").isFalse();
        assertThat(slot.tryPend(second)).isTrue();
        assertThat(slot.tryPend(second)).as("again").isFalse();
        assertThat(slot.state()).isEqualTo(Slot.PENDING);
    }

    /** Shows I4. */
    @Test
    void oneThatIsNotUsableAnyLongerIsNotLeased() {
        assertThat(slot.tryLease(100)).isZero();
        assertThat(slot.tryLease(99)).isNotZero();
    }

    /** Shows I5. */
    @Test
    void aFlagKeepsItFromBeingLeasedReleasedOrOffered() {
        long leased = slot.tryLease(0);
        assertThat(slot.raise(Slot.EVICTED)).isEqualTo(Slot.LEASED);

        assertThat(Slot.isSameLease(slot.word(), leased)).isTrue();
        assertThat(slot.tryRelease(leased)).isFalse();
        assertThat(slot.tryPend(leased)).isTrue();
        assertThat(slot.tryMoveUnflagged(Slot.IDLE)).isZero();
        assertThat(slot.tryMoveUnflagged(Slot.LEASED)).isZero();
        assertThat(Slot.flags(slot.word())).isEqualTo(Slot.EVICTED);
        var flagged = idle();
        flagged.raise(Slot.DEAD);
        assertThat(flagged.tryLease(0)).isZero();
    }

    @Test
    void deathComesBeforeEvictionAndThatBeforeRetirement() {
        assertThat(Slot.flagged(slot.word())).isNull();
        slot.raise(Slot.RETIRED);
        assertThat(Slot.flagged(slot.word())).isEqualTo(DisposeReason.MAX_LEASES);
        slot.raise(Slot.EVICTED);
        assertThat(Slot.flagged(slot.word())).isEqualTo(DisposeReason.EVICTED);
        slot.raise(Slot.DEAD);
        assertThat(Slot.flagged(slot.word())).isEqualTo(DisposeReason.DEAD);
    }

    @Test
    void aFlagThatComesTooLateIsNotSet() {
        assertThat(slot.tryMove(Slot.IDLE, Slot.DISPOSING)).isTrue();
        assertThat(slot.tryMove(Slot.IDLE, Slot.DISPOSING)).isFalse();
        assertThat(slot.raise(Slot.DEAD)).isEqualTo(Slot.DISPOSING);
        assertThat(Slot.flags(slot.word())).isZero();
    }

    @Test
    void aLeaseCountsUnlessItDidNotComeToBe() {
        slot.tryRelease(slot.tryLease(0));
        long unseen = slot.tryLease(0);
        assertThat(slot.leases()).isEqualTo(2);
        slot.uncountLease();
        slot.tryRelease(unseen);
        assertThat(slot.leases()).isOne();
    }

    @Test
    void withoutAConnectionItSaysSo() {
        assertThatThrownBy(new Slot<String, Object>(null, 0)::connection).isInstanceOf(IllegalStateException.class);
        assertThat(slot.connection()).isNotNull();
    }

    /** Shows I3 and I30. */
    @Test
    void oneThatIsGivenUpStaysGoneWhateverItsLateOwnerDoes() {
        slot.tryCheck();
        assertThat(slot.tryGiveUp(slot.word() + 1)).as("after it has changed").isFalse();

        assertThat(slot.tryGiveUp(slot.word())).isTrue();

        assertThat(slot.isGone()).isTrue();
        assertThat(slot.tryMoveUnflagged(Slot.IDLE)).isZero();
        assertThat(slot.trySettle()).isFalse();
        assertThat(slot.nextLease()).isZero();
        assertThat(slot.tryLeaveBooks()).isFalse();
        slot.moveToDisposing();
        assertThat(slot.isGone()).isTrue();
    }

    /** Shows I30. */
    @Test
    void ofSeveralDisposalsOneBegins() {
        slot.raise(Slot.DEAD);
        assertThat(slot.tryBeginDisposal()).as("before it is decided").isFalse();
        slot.moveToDisposing();
        assertThat(Slot.hasDisposalBegun(slot.word())).isFalse();

        assertThat(slot.tryBeginDisposal()).isTrue();

        assertThat(slot.tryBeginDisposal()).as("again").isFalse();
        assertThat(Slot.hasDisposalBegun(slot.word())).isTrue();
        assertThat(slot.tryLeaveBooks()).isTrue();
        assertThat(slot.tryBeginDisposal()).as("when it is gone").isFalse();
    }

    @Test
    void oneThatLeavesTheBooksMayStillBeDisposedOnce() {
        slot.raise(Slot.DEAD);
        assertThat(slot.tryLeaveBooks()).isTrue();
        assertThat(slot.tryBeginDisposal()).isTrue();
        assertThat(slot.tryBeginDisposal()).isFalse();
    }

    /** Shows I29. */
    @Test
    void aLeaseIsMadeBeforeItBegins() {
        assertThat(slot.tryTake(0)).isTrue();
        long word = slot.nextLease();
        assertThat(slot.tryLeaseAs(word)).isTrue();
        assertThat(slot.word()).isEqualTo(word);
        assertThat(slot.tryRelease(word)).isTrue();

        assertThat(slot.tryTake(0)).isTrue();
        long late = slot.nextLease();
        slot.raise(Slot.EVICTED);
        assertThat(slot.tryLeaseAs(late)).as("after a signal").isFalse();
    }
}
