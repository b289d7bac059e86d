// The table of endpoints. Only the rows on the screen exist as elements; they are reused as the table scrolls.

import { CIRCUITS, FLEET, ROW, SUM } from './model.js';
import { age, number, text, wait } from './format.js';

const HEIGHT = 28;
const STATES = ['leased', 'idle', 'connecting', 'checking', 'pending', 'disposing'];

const total = values => values[1] + values[2] + values[3] + values[4] + values[5] + values[6];
const byNumber = place => row => row.values[place];

/** A key and a rank fit into one number, which a typed array sorts ten times as fast as a function that compares. */
const RANKS = 2 ** 15;
const HIGHEST_KEY = 2 ** 37;

/**
 * The rows that one is likely to look for come first: most, slowest, oldest. A key is a whole number from 0 to HIGHEST_KEY.
 */
const COLUMNS = [
  { name: 'Endpoint', key: row => row.rank, ascending: true },
  { name: 'Connections', key: row => Math.round((1e6 * total(row.values)) / Math.max(1, row.values[ROW.limit])) },
  { name: 'Share', key: row => row.values[ROW.share] + 1, numeric: true, ofFleets: true },
  { name: 'Waiters', key: byNumber(ROW.waiters), numeric: true },
  { name: 'Acquires/s', key: byNumber(ROW.rate), numeric: true },
  { name: 'Wait 50 %', key: row => row.values[ROW.wait50] + 1, numeric: true },
  { name: 'Wait 99 %', key: row => row.values[ROW.wait99] + 1, numeric: true },
  { name: 'Acquires failed', key: byNumber(ROW.failed), numeric: true },
  { name: 'Connects failed', key: byNumber(ROW.connectFailures), numeric: true },
  { name: 'Circuit', key: row => row.values[ROW.circuit] * 2 + row.values[ROW.suspended] },
  { name: 'Oldest lease', key: row => (row.values[ROW.heldSince] === 0 ? 0 : 1e10 - Math.floor(row.values[ROW.heldSince] / 1000)) },
];

const make = (tag, className, role) => {
  const element = document.createElement(tag);
  if (className) {
    element.className = className;
  }
  if (role) {
    element.setAttribute('role', role);
  }
  return element;
};

/** The columns of fleets are seen where limits are shared. */
const classOf = column => [column.numeric && 'numeric', column.ofFleets && 'of-fleets'].filter(Boolean).join(' ');

class Line {
  constructor() {
    this.element = make('div', 'row', 'row');
    this.cells = COLUMNS.map((column, index) => {
      const cell = make('div', classOf(column), index === 0 ? 'rowheader' : 'gridcell');
      this.element.append(cell);
      return cell;
    });
    this.states = make('div', 'states');
    this.parts = STATES.map(state => make('span', state));
    this.states.append(...this.parts);
    this.sizes = make('span', 'sizes');
    this.cells[1].append(this.states, this.sizes);
    this.circuit = make('b');
    this.probe = document.createTextNode('');
    this.cells[9].append(this.circuit, this.probe);
    this.held = make('span', 'held');
    this.holder = make('span', 'holder');
    this.cells[10].append(this.held, this.holder);
  }

  show(row, index, now, active) {
    const values = row.values;
    if (this.index !== index) {
      this.index = index;
      this.element.style.transform = `translateY(${index * HEIGHT}px)`;
      this.element.setAttribute('aria-rowindex', index + 2);
    }
    if (this.row !== row) {
      this.row = row;
      this.element.id = 'row-' + row.id;
      this.cells[0].title = row.label;
      text(this.cells[0], row.label);
    }
    this.element.setAttribute('aria-selected', active);
    if (this.shown !== values) {
      this.shown = values;
      this.showNumbers(values);
    }
    text(this.circuit, values[ROW.suspended] ? 'suspended' : CIRCUITS[values[ROW.circuit]]);
    const probe = values[ROW.probeAt] - now;
    this.probe.nodeValue = values[ROW.probeAt] === 0 ? '' : probe <= 0 ? 'probe due' : `probe in ${Math.ceil(probe / 1000)} s`;
    text(this.held, values[ROW.heldSince] === 0 ? '–' : age(values[ROW.heldSince], now));
    if (this.holder.title !== row.holder) {
      this.holder.title = row.holder;
      // A report says "thread X, which is now at …": the table has room for X.
      text(this.holder, row.holder.replace(/^thread /, '').split(', which ')[0]);
    }
  }

  showNumbers(values) {
    const all = total(values);
    const limit = values[ROW.limit];
    const room = Math.max(limit, all, 1);
    STATES.forEach((state, index) => {
      this.parts[index].style.width = (100 * values[ROW[state]]) / room + '%';
    });
    const lowered = limit < values[ROW.maxSize];
    text(this.sizes, `${all} / ${limit}${lowered ? ' ↓' : ''}`);
    this.sizes.title = lowered ? `lowered from ${values[ROW.maxSize]}, ${whyLowered(values)}` : '';
    const names = STATES.filter(state => values[ROW[state]] > 0).map(state => `${values[ROW[state]]} ${state}`);
    this.cells[1].setAttribute('aria-label', `${all} of ${limit} connections: ${names.join(', ') || 'none'}`);
    text(this.cells[2], values[ROW.share] < 0 ? '–' : number(values[ROW.share]));
    text(this.cells[3], number(values[ROW.waiters]));
    text(this.cells[4], number(values[ROW.rate]));
    text(this.cells[5], wait(values[ROW.wait50]));
    text(this.cells[6], wait(values[ROW.wait99]));
    text(this.cells[7], number(values[ROW.failed]));
    text(this.cells[8], number(values[ROW.connectFailures]));
    this.cells[3].classList.toggle('zero', values[ROW.waiters] === 0);
    this.cells[4].classList.toggle('zero', values[ROW.rate] === 0);
    this.cells[7].classList.toggle('zero', values[ROW.failed] === 0);
    this.cells[8].classList.toggle('zero', values[ROW.connectFailures] === 0);
    this.element.dataset.circuit = values[ROW.suspended] ? 'suspended' : CIRCUITS[values[ROW.circuit]];
  }
}

const whyLowered = values => (values[ROW.share] === values[ROW.limit]
  ? 'because other processes share the limit'
  : 'because the endpoint said it has too many');

export class Table {
  constructor(onOpen) {
    this.onOpen = onOpen;
    this.grid = document.getElementById('grid');
    this.body = document.getElementById('body');
    this.head = document.getElementById('head');
    this.none = document.getElementById('none');
    this.count = document.getElementById('count');
    this.search = document.getElementById('search');
    this.lines = [];
    this.rows = [];
    this.pool = null;
    this.column = COLUMNS[0];
    this.ascending = true;
    this.active = -1;
    this.held = false;
    // Asking the grid for these at each update would make the browser lay out the page each time.
    this.top = 0;
    this.height = 0;
    this.makeHead();
    this.listen();
  }

  makeHead() {
    const line = make('div', 'row', 'row');
    line.setAttribute('aria-rowindex', 1);
    this.buttons = COLUMNS.map(column => {
      const cell = make('div', classOf(column), 'columnheader');
      const button = make('button');
      button.type = 'button';
      button.textContent = column.name;
      button.addEventListener('click', () => this.sortBy(column));
      cell.append(button);
      line.append(cell);
      return cell;
    });
    this.head.append(line);
    this.showOrder();
    this.showColumns(false);
  }

  showColumns(ofFleets) {
    this.grid.classList.toggle('fleet', ofFleets);
    this.grid.setAttribute('aria-colcount', COLUMNS.filter(column => ofFleets || !column.ofFleets).length);
  }

  listen() {
    this.grid.addEventListener('scroll', () => {
      this.top = this.grid.scrollTop;
      this.draw();
    }, { passive: true });
    new ResizeObserver(() => {
      this.height = this.grid.clientHeight;
      this.draw();
    }).observe(this.grid);
    // Rows that move away under the pointer cannot be read or hit.
    this.body.addEventListener('pointerenter', () => { this.held = true; });
    this.body.addEventListener('pointerleave', () => { this.held = false; });
    this.body.addEventListener('click', event => {
      const line = this.lines.find(each => each.element.contains(event.target));
      if (line) {
        this.activate(line.index);
        this.onOpen(line.row);
      }
    });
    this.search.addEventListener('input', () => {
      this.grid.scrollTop = 0;
      this.top = 0;
      this.active = -1;
      this.arrange();
      this.draw();
    });
    this.grid.addEventListener('keydown', event => this.key(event));
  }

  key(event) {
    if (event.target !== this.grid || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const page = Math.max(1, Math.floor(this.height / HEIGHT) - 2);
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -1e9, End: 1e9 };
    if (event.key in moves) {
      this.activate(Math.max(0, Math.min(this.rows.length - 1, this.active + moves[event.key])));
    } else if (event.key === 'Enter' && this.rows[this.active]) {
      this.onOpen(this.rows[this.active]);
    } else {
      return;
    }
    event.preventDefault();
  }

  activate(index) {
    this.active = index;
    const top = index * HEIGHT;
    const shown = this.height - this.head.offsetHeight - HEIGHT;
    if (top < this.grid.scrollTop) {
      this.grid.scrollTop = top;
    } else if (top > this.grid.scrollTop + shown) {
      this.grid.scrollTop = top - shown;
    }
    this.top = this.grid.scrollTop;
    this.draw();
  }

  sortBy(column) {
    this.ascending = column === this.column ? !this.ascending : Boolean(column.ascending);
    this.column = column;
    this.showOrder();
    this.arrange();
    this.draw();
  }

  showOrder() {
    COLUMNS.forEach((column, index) => {
      const order = column !== this.column ? 'none' : this.ascending ? 'ascending' : 'descending';
      this.buttons[index].setAttribute('aria-sort', order);
    });
  }

  /** Filters and sorts. */
  arrange() {
    const query = this.search.value.trim().toLowerCase();
    const activeRow = this.rows[this.active];
    if (this.version !== this.pool.version || this.query !== query || this.sorted !== this.pool) {
      this.version = this.pool.version;
      this.query = query;
      this.sorted = this.pool;
      this.rows = [...this.pool.rows.values()].filter(row => row.values !== null && row.lower.includes(query));
      this.showCount();
    }
    const { key } = this.column;
    const keys = new Float64Array(this.rows.length);
    this.rows.forEach((row, i) => {
      const bounded = Math.min(key(row), HIGHEST_KEY);
      keys[i] = (this.ascending ? bounded : HIGHEST_KEY - bounded) * RANKS + row.rank;
    });
    keys.sort();
    this.rows = Array.from(keys, each => this.pool.ranked[each % RANKS]);
    this.active = activeRow ? this.rows.indexOf(activeRow) : -1;
  }

  showCount() {
    const found = this.rows.length;
    const all = this.pool.rows.size;
    this.body.style.height = found * HEIGHT + 'px';
    this.grid.setAttribute('aria-rowcount', found + 1);
    text(this.count, found === all ? number(all) : `${number(found)} of ${number(all)}`);
    this.none.hidden = found > 0;
  }

  update(pool, now) {
    const changed = pool !== this.pool || pool.version !== this.version;
    if (pool !== this.pool) {
      this.showColumns(pool.sums[SUM.fleet] !== FLEET.none);
    }
    this.pool = pool;
    this.now = now;
    if (changed || (this.column !== COLUMNS[0] && !this.held)) {
      this.arrange();
    }
    this.draw();
  }

  draw() {
    if (this.pool === null) {
      return;
    }
    const first = Math.max(0, Math.floor(this.top / HEIGHT) - 2);
    const last = Math.min(this.rows.length, first + Math.ceil(this.height / HEIGHT) + 4);
    const size = this.size(last - first);
    for (let i = first; i < last; i++) {
      const place = i % size; // so a row keeps its line while it is on the screen
      this.lines[place].element.hidden = false;
      this.lines[place].show(this.rows[i], i, this.now, i === this.active);
    }
    for (const line of this.lines) {
      if (line.index === undefined || line.index < first || line.index >= last) {
        line.element.hidden = true;
      }
    }
    const active = this.rows[this.active];
    const visible = active && this.active >= first && this.active < last;
    this.grid.toggleAttribute('data-active', Boolean(visible));
    if (visible) {
      this.grid.setAttribute('aria-activedescendant', 'row-' + active.id);
    } else {
      this.grid.removeAttribute('aria-activedescendant');
    }
  }

  /** As many lines as the screen has needed so far. */
  size(needed) {
    if (this.lines.length < needed) {
      this.lines.forEach(line => { line.index = undefined; });
    }
    while (this.lines.length < needed) {
      const line = new Line();
      this.lines.push(line);
      this.body.append(line.element);
    }
    return this.lines.length;
  }
}
