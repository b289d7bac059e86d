// The list of the last events, newest first.

import { EVENTS } from './model.js';
import { text, time } from './format.js';

const BAD = new Set(['connect failed', 'acquire failed', 'leak', 'hook failed', 'abandoned', 'circuit open']);

class Item {
  constructor() {
    this.element = document.createElement('li');
    [this.time, this.kind, this.label, this.text] = ['time', 'b', 'span', 'span'].map(tag => {
      const part = document.createElement(tag);
      this.element.append(part);
      return part;
    });
    this.text.className = 'text';
    this.label.className = 'label';
  }

  show(event) {
    if (this.number === event[0] && this.shown === event) {
      return;
    }
    [this.number] = event;
    this.shown = event;
    text(this.time, time(event[1]));
    text(this.kind, event[2]);
    text(this.label, event[3]);
    text(this.text, event[4]);
    this.element.title = event[4];
    this.element.classList.toggle('bad', BAD.has(event[2]));
  }
}

export class Events {
  constructor() {
    this.list = document.getElementById('events');
    this.hint = document.getElementById('no-events');
    this.button = document.getElementById('pause');
    this.items = [];
    this.paused = false;
    this.button.addEventListener('click', () => {
      this.paused = !this.paused;
      this.button.setAttribute('aria-pressed', this.paused);
      text(this.button, this.paused ? 'Go on' : 'Pause');
      if (!this.paused && this.pool) {
        this.update(this.pool);
      }
    });
  }

  update(pool) {
    const same = this.pool === pool && this.events === pool.events;
    this.hint.hidden = pool.hasEvents;
    if (same || (this.paused && this.pool === pool)) {
      return;
    }
    this.pool = pool;
    this.events = pool.events;
    const events = pool.events;
    for (let i = 0; i < Math.min(events.length, EVENTS); i++) {
      if (i === this.items.length) {
        const item = new Item();
        this.items.push(item);
        this.list.append(item.element);
      }
      this.items[i].element.hidden = false;
      this.items[i].show(events[events.length - 1 - i]);
    }
    this.items.slice(events.length).forEach(item => { item.element.hidden = true; });
  }
}
