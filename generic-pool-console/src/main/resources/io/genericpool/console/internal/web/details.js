// All there is to know of one endpoint, and what can be done to it.

import { CIRCUITS, ROW } from './model.js';
import { age, number, text, wait } from './format.js';

const ACTIONS = [
  ['evict', 'Evict …'],
  ['suspend-wait', 'Suspend, requests wait …'],
  ['suspend-fail', 'Suspend, requests fail …'],
  ['resume', 'Resume …'],
  ['resize', 'Resize to …'],
];

const byId = id => document.getElementById(id);

export class Details {
  constructor() {
    this.dialog = byId('details');
    this.list = byId('details-values');
    this.values = new Map();
    this.row = null;
    byId('details-close').addEventListener('click', () => this.dialog.close());
    byId('question-no').addEventListener('click', () => this.endQuestion(''));
    byId('question-yes').addEventListener('click', () => this.confirm());
    this.dialog.addEventListener('close', () => {
      this.row = null;
      this.endQuestion('');
    });
    this.makeActions();
    byId('question').hidden = true;
    byId('actions').hidden = true;
  }

  makeActions() {
    for (const [action, name] of ACTIONS) {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = name;
      button.addEventListener('click', () => this.ask(action));
      byId('actions').append(button);
    }
    this.size = document.createElement('input');
    this.size.type = 'number';
    this.size.min = 1;
    this.size.setAttribute('aria-label', 'maxSize');
    byId('actions').append(this.size);
  }

  /** From the first event of the stream: whether actions are allowed, and the secret they need. */
  allow(actions, secret) {
    this.secret = secret;
    byId('actions').hidden = !actions;
  }

  open(poolIndex, row, now) {
    this.poolIndex = poolIndex;
    this.row = row;
    text(byId('details-title'), row.label);
    text(byId('outcome'), '');
    this.size.value = row.values[ROW.maxSize];
    this.update(now);
    this.dialog.showModal();
  }

  /** The rows of the model are new after a reconnect. */
  follow(pool, now) {
    if (this.row === null) {
      return;
    }
    const row = pool.rows.get(this.row.id);
    if (row && row.values && row.label === this.row.label) {
      this.row = row;
      this.update(now);
    } else {
      text(byId('outcome'), 'The endpoint has left the pool.');
    }
  }

  update(now) {
    const values = this.row.values;
    const moment = (place, write) => (values[place] === 0 ? '–' : write(values[place]));
    const shown = {
      'Leased': number(values[ROW.leased]),
      'Idle': number(values[ROW.idle]),
      'Connecting': number(values[ROW.connecting]),
      'Checking': number(values[ROW.checking]),
      'Resetting': number(values[ROW.pending]),
      'Closing': number(values[ROW.disposing]),
      'maxSize, in force': `${number(values[ROW.maxSize])}, ${number(values[ROW.limit])}`,
      'Share of the fleet': values[ROW.share] < 0 ? '–' : number(values[ROW.share]),
      'Waiters': number(values[ROW.waiters]),
      'Acquires per second': number(values[ROW.rate]),
      'Wait, 50 % and 99 %': `${wait(values[ROW.wait50])}, ${wait(values[ROW.wait99])}`,
      'Acquires failed': number(values[ROW.failed]),
      'Connects failed': number(values[ROW.connectFailures]),
      'Circuit': (values[ROW.suspended] ? 'suspended, ' : '') + CIRCUITS[values[ROW.circuit]],
      'Next probe': moment(ROW.probeAt, at => (at <= now ? 'due' : `in ${Math.ceil((at - now) / 1000)} s`)),
      'Oldest lease': moment(ROW.heldSince, at => age(at, now)),
      'Its holder': this.row.holder || (values[ROW.heldSince] === 0 ? '–' : 'named by the leak report, if one comes'),
      'Last connect failure': this.row.failure || '–',
    };
    for (const [name, value] of Object.entries(shown)) {
      text(this.value(name), value);
    }
  }

  value(name) {
    if (!this.values.has(name)) {
      const pair = document.createElement('div');
      const term = document.createElement('dt');
      const value = document.createElement('dd');
      term.textContent = name;
      pair.append(term, value);
      pair.classList.toggle('wide', name === 'Its holder' || name === 'Last connect failure');
      this.list.append(pair);
      this.values.set(name, value);
    }
    return this.values.get(name);
  }

  async post(path, fields) {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'X-Pool-Console': this.secret },
      body: new URLSearchParams(fields),
    });
    if (!response.ok) {
      throw new Error((await response.text()).trim());
    }
    return response.json();
  }

  async ask(action) {
    this.endQuestion('');
    try {
      const fields = { pool: this.poolIndex, endpoint: this.row.id, action };
      if (action === 'resize') {
        fields.maxSize = this.size.value;
      }
      const answer = await this.post('actions/ask', fields);
      this.code = answer.code;
      text(byId('question-text'), answer.question);
      byId('question').hidden = false;
      byId('question-no').focus();
    } catch (e) {
      this.endQuestion(e.message);
    }
  }

  async confirm() {
    try {
      await this.post('actions/confirm', { code: this.code });
      this.endQuestion('Done.');
    } catch (e) {
      this.endQuestion(e.message);
    }
  }

  endQuestion(outcome) {
    this.code = '';
    byId('question').hidden = true;
    text(byId('outcome'), outcome);
  }
}
