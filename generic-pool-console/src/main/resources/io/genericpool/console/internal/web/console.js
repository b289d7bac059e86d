// Reads the stream of the console and shows it.

import { Details } from './details.js';
import { Events } from './events.js';
import { Groups } from './groups.js';
import { FLEET, Model, POINT, SUM } from './model.js';
import { Plot } from './plot.js';
import { Table } from './table.js';
import { age, number, text, wait } from './format.js';

/** The server gives the places of pages that never tell that they read to others. */
const SEEN_EVERY = 5_000;
const AGAIN_AFTER = 2_000;

const byId = id => document.getElementById(id);

const model = new Model();
const details = new Details();
const events = new Events();
const groups = new Groups();
const table = new Table(row => details.open(selected, row, model.now));
const plots = {
  connections: new Plot('plot-connections', {
    areas: [
      { place: POINT.leased, color: '--leased', name: 'leased' },
      { place: POINT.idle, color: '--idle', name: 'idle' },
      { place: POINT.moving, color: '--connecting', name: 'in between' },
    ],
  }),
  acquires: new Plot('plot-acquires', {
    lines: [
      { place: POINT.rate, color: '--leased', name: 'granted per second' },
      { place: POINT.failed, color: '--disposing', name: 'failed per second' },
    ],
  }),
  waiters: new Plot('plot-waiters', { lines: [{ place: POINT.waiters, color: '--connecting', name: 'waiters' }] }),
};
let selected = 0;
let reader = '';
let seenAt = -SEEN_EVERY;

function showTabs() {
  const tabs = byId('tabs');
  tabs.replaceChildren(...model.pools.map((pool, index) => {
    const tab = document.createElement('button');
    tab.type = 'button';
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-controls', 'view');
    tab.textContent = pool.name;
    tab.addEventListener('click', () => select(index));
    return tab;
  }));
  select(Math.min(selected, model.pools.length - 1));
}

function select(index) {
  selected = index;
  [...byId('tabs').children].forEach((tab, i) => {
    tab.setAttribute('aria-selected', i === index);
    tab.tabIndex = i === index ? 0 : -1;
  });
  show();
}

byId('tabs').addEventListener('keydown', event => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step) {
    select((selected + step + model.pools.length) % model.pools.length);
    byId('tabs').children[selected].focus();
    event.preventDefault();
  }
});

function show() {
  const pool = model.pools[selected];
  const sums = pool.sums;
  const all = sums.slice(0, 6).reduce((sum, each) => sum + each, 0);
  document.title = `${pool.name} – pool console`;
  text(byId('banner'), pool.closed ? `Pool ${pool.name} is closed` : pool.error);
  text(byId('connections'), `${number(all)} / ${number(sums[SUM.totalMaxSize])}`);
  text(byId('acquires'), number(sums[SUM.rate]));
  text(byId('waiters'), number(sums[SUM.waiters]));
  text(byId('waits'), pool.hasWaits ? `${wait(sums[SUM.wait50])}, ${wait(sums[SUM.wait99])}` : 'not measured');
  text(byId('held'), sums[SUM.heldSince] === 0 ? '–' : age(sums[SUM.heldSince], model.now));
  text(byId('circuits'), number(sums[SUM.openCircuits]));
  text(byId('starving'), number(sums[SUM.starving]));
  text(byId('failed'), number(sums[SUM.failed]));
  text(byId('connects'), number(sums[SUM.connectFailures]));
  text(byId('leaks'), `${number(sums[SUM.leaks])}, ${number(sums[SUM.abandoned])}`);
  byId('circuits').classList.toggle('bad', sums[SUM.openCircuits] > 0);
  plots.connections.update(pool.points, model.now, sums[SUM.totalMaxSize]);
  plots.acquires.update(pool.points, model.now);
  plots.waiters.update(pool.points, model.now);
  showFleet(pool);
  groups.update(pool);
  table.update(pool, model.now);
  events.update(pool);
  details.follow(pool, model.now);
}

/** What a pool shares with other processes. */
function showFleet(pool) {
  const sums = pool.sums;
  byId('fleet').hidden = sums[SUM.fleet] !== FLEET.away || pool.closed;
  byId('fleet').title = `Shares do not grow. ${pool.fleetFailure}`.trim();
  byId('share').hidden = sums[SUM.share] < 0;
  text(byId('share-value'), number(sums[SUM.share]));
}

function tellSeen() {
  if (performance.now() - seenAt > SEEN_EVERY) {
    seenAt = performance.now();
    fetch('seen', { method: 'POST', body: new URLSearchParams({ reader }) }).catch(() => {});
  }
}

function setStatus(live, words) {
  document.body.classList.toggle('stale', !live);
  text(byId('status'), words);
}

function listen() {
  const source = new EventSource('events');
  source.addEventListener('hello', event => {
    const hello = JSON.parse(event.data);
    ({ reader } = hello);
    seenAt = -SEEN_EVERY;
    details.allow(hello.actions, hello.secret || '');
  });
  source.addEventListener('full', event => {
    model.full(JSON.parse(event.data));
    setStatus(true, 'Live');
    showTabs();
    tellSeen();
  });
  source.addEventListener('delta', event => {
    model.delta(JSON.parse(event.data));
    show();
    tellSeen();
  });
  source.addEventListener('error', () => {
    setStatus(false, 'Disconnected, trying again');
    if (source.readyState === EventSource.CLOSED) {
      setTimeout(again, AGAIN_AFTER);
    }
  });
}

/** The session may have ended: then the page asks for the token. */
async function again() {
  const response = await fetch('.', { method: 'HEAD' }).catch(() => null);
  if (response && response.status === 401) {
    location.reload();
  } else {
    listen();
  }
}

document.addEventListener('keydown', event => {
  if (event.key === '/' && !(event.target instanceof HTMLInputElement) && !byId('details').open) {
    byId('search').focus();
    event.preventDefault();
  }
});

listen();
