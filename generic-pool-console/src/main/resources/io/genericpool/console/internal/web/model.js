// What the page knows of the pools. Rows are kept as they arrive: arrays of numbers that start with the id of the row.

/** Places in a row; the server has the same, less one, in Row.java. */
export const ROW = {
  id: 0, idle: 1, leased: 2, checking: 3, connecting: 4, pending: 5, disposing: 6, limit: 7, maxSize: 8, waiters: 9,
  rate: 10, wait50: 11, wait99: 12, connectFailures: 13, failed: 14, circuit: 15, probeAt: 16, heldSince: 17,
  suspended: 18, share: 19,
};

/** Places in the sums; the server has the same in PoolFeed.java. The first six are the states. */
export const SUM = {
  idle: 0, leased: 1, checking: 2, connecting: 3, pending: 4, disposing: 5, totalMaxSize: 6, endpoints: 7, waiters: 8,
  rate: 9, wait50: 10, wait99: 11, connectFailures: 12, failed: 13, openCircuits: 14, starving: 15, heldSince: 16,
  leaks: 17, abandoned: 18, created: 19, share: 20, fleet: 21,
};

/** Values of SUM.fleet. */
export const FLEET = { none: 0, reachable: 1, away: 2 };

/** Places in a point of the plots. */
export const POINT = { at: 0, leased: 1, idle: 2, moving: 3, waiters: 4, rate: 5, failed: 6 };

export const CIRCUITS = ['closed', 'open', 'half-open'];
export const EVENTS = 200;
const POINTS = 300;

/** Labels in the order in which people count: db-2 before db-10. Made once per label, because it is slow. */
const sortKey = label => label.toLowerCase().replace(/\d+/g, digits => digits.padStart(12, '0'));

class Pool {
  constructor(part) {
    this.name = part.name;
    this.hasEvents = part.hasEvents;
    this.hasWaits = part.hasWaits;
    this.points = part.history;
    this.rows = new Map();
    this.ranked = [];
    this.events = [];
    this.groups = [];
    /** Rises when rows come, go or get their labels. */
    this.version = 0;
    this.take(part);
  }

  take(part) {
    this.closed = part.closed;
    this.error = part.error;
    this.fleetFailure = part.fleetFailure;
    this.groups = part.groups || this.groups;
    this.sums = part.sums;
    for (const [id, label] of part.labels) {
      const row = { id, label, lower: label.toLowerCase(), key: sortKey(label), rank: 0, values: null };
      this.rows.set(id, Object.assign(row, { holder: '', failure: '' }));
    }
    for (const values of part.rows) {
      const row = this.rows.get(values[0]);
      if (row) {
        row.values = values;
      }
    }
    for (const [id, holder, failure] of part.texts) {
      const row = this.rows.get(id);
      if (row) {
        row.holder = holder;
        row.failure = failure;
      }
    }
    this.takeEvents(part.events || []);
    if (part.labels.length > 0) {
      this.version++;
      this.rank();
    }
  }

  /** Numbers the rows by their labels, because numbers are sorted fast. */
  rank() {
    const rows = [...this.rows.values()];
    rows.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.id - b.id));
    rows.forEach((row, rank) => { row.rank = rank; });
    this.ranked = rows;
  }

  takeEvents(events) {
    const last = this.events.length === 0 ? 0 : this.events[this.events.length - 1][0];
    const fresh = events.filter(event => event[0] > last);
    if (fresh.length > 0) {
      this.events = this.events.concat(fresh).slice(-EVENTS);
    }
  }

  takeDelta(part) {
    for (const id of part.gone) {
      if (this.rows.delete(id)) {
        this.version++;
      }
    }
    if (part.point.length > 0) {
      this.points.push(part.point);
    }
    if (this.points.length > POINTS) {
      this.points.shift();
    }
    this.take(part);
  }
}

export class Model {
  pools = [];
  /** The server's clock at the last frame. */
  now = 0;

  full(frame) {
    this.now = frame.now;
    this.pools = frame.pools.map(part => new Pool(part));
  }

  delta(frame) {
    this.now = frame.now;
    frame.pools.forEach((part, index) => this.pools[index].takeDelta(part));
  }
}
