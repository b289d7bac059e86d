// The table of groups: which member serves how many of a group's requests.

import { number, text } from './format.js';

const make = tag => document.createElement(tag);

class Line {
  /** The first line of a group tells what is the whole group's, beside all of its members. */
  constructor(span) {
    this.element = make('tr');
    this.group = span > 0 ? this.add('th') : null;
    this.member = this.add('td');
    this.part = this.add('td');
    [this.rate, this.leases] = [this.add('td', 'numeric'), this.add('td', 'numeric')];
    this.counts = span > 0 ? [0, 1, 2].map(() => this.add('td', 'numeric')) : [];
    if (span > 0) {
      this.group.scope = 'rowgroup';
      [this.group, ...this.counts].forEach(cell => { cell.rowSpan = span; });
    }
    this.bar = make('span');
    this.bar.className = 'part leased';
    this.part.append(this.bar);
  }

  add(tag, className) {
    const cell = make(tag);
    cell.className = className || '';
    this.element.append(cell);
    return cell;
  }

  show(group, member, all) {
    if (this.group) {
      text(this.group, group.name);
      this.group.title = group.name;
      [group.spillOvers, group.hedges, group.rankingFailures].forEach((count, i) => text(this.counts[i], number(count)));
      this.counts[2].classList.toggle('bad', group.rankingFailures > 0);
    }
    const [label, leases, rate] = member;
    const percent = all === 0 ? 0 : (100 * leases) / all;
    text(this.member, label);
    this.member.title = label;
    this.bar.style.width = percent + '%';
    this.part.title = Math.round(percent) + ' %';
    this.part.setAttribute('aria-label', Math.round(percent) + ' %');
    text(this.rate, number(rate));
    text(this.leases, number(leases));
  }
}

export class Groups {
  constructor() {
    this.view = document.getElementById('view');
    this.section = document.getElementById('groups');
    this.body = document.getElementById('groups-body');
    this.lines = [];
    this.shape = '';
  }

  update(pool) {
    const groups = pool.groups.filter(group => group.members.length > 0);
    this.section.hidden = groups.length === 0;
    this.view.classList.toggle('has-groups', groups.length > 0);
    if (this.groups === pool.groups) {
      return;
    }
    this.groups = pool.groups;
    this.reshape(groups);
    let line = 0;
    for (const group of groups) {
      const all = group.members.reduce((sum, member) => sum + member[1], 0);
      group.members.forEach(member => this.lines[line++].show(group, member, all));
    }
  }

  /** Makes lines anew where the number of members of a group has changed. */
  reshape(groups) {
    const shape = groups.map(group => group.members.length).join();
    if (shape !== this.shape) {
      this.shape = shape;
      this.lines = groups.flatMap(({ members }) => members.map((member, i) => new Line(i === 0 ? members.length : 0)));
      this.body.replaceChildren(...this.lines.map(line => line.element));
    }
  }
}
