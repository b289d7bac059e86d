package io.genericpool.stress;

/** Two connections to lease, behind so many leased ones that idle ones are found by the maps of places. */
public class TwoOfManyPlaces extends LeasingThreads {
    private static final int PLACES = 40;

    public TwoOfManyPlaces() {
        super(PLACES, PLACES - 2);
    }
}
