// Plots of the last five minutes.

import { POINT } from './model.js';
import { number } from './format.js';

const SPAN = 300_000;
/** Nothing was sampled for longer than this: the line is broken there. */
const GAP = 3_000;

/** Read once and again when the scheme changes, because each reading makes the browser compute all styles. */
const colors = new Map();
const dark = matchMedia('(prefers-color-scheme: dark)');
dark.addEventListener('change', () => colors.clear());

function color(name) {
  if (!colors.has(name)) {
    colors.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  }
  return colors.get(name);
}

/** The next round number. */
function roundUp(value) {
  const unit = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  if (value <= 4) {
    return value <= 2 ? 2 : 4;
  }
  return [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map(factor => factor * unit).find(each => each >= value);
}

export class Plot {
  /** Areas are stacked, lines are not; each has a place in the points, a colour and a name. */
  constructor(id, { areas = [], lines = [] }) {
    this.canvas = document.getElementById(id);
    this.context = this.canvas.getContext('2d');
    this.areas = areas;
    this.lines = lines;
    this.points = [];
    this.width = 0;
    // Asking the canvas for its size at each draw would make the browser lay out the page each time.
    new ResizeObserver(entries => {
      ({ width: this.width, height: this.height } = entries[entries.length - 1].contentRect);
      this.draw();
    }).observe(this.canvas);
    dark.addEventListener('change', () => this.draw());
  }

  update(points, now, limit) {
    this.points = points;
    this.now = now;
    this.limit = limit;
    this.draw();
  }

  draw() {
    const ratio = devicePixelRatio || 1;
    const { width, height } = this;
    if (width === 0 || this.points.length === 0) {
      return;
    }
    if (this.canvas.width !== Math.round(width * ratio) || this.canvas.height !== Math.round(height * ratio)) {
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
    }
    const context = this.context;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    this.box = { left: 0, right: width, top: 6, bottom: height - 14 };
    this.max = roundUp(this.highest());
    this.drawAxes(context);
    this.drawAreas(context);
    this.drawLines(context);
    this.describe();
  }

  highest() {
    let highest = 1;
    for (const point of this.points) {
      highest = Math.max(highest, this.areas.reduce((sum, area) => sum + point[area.place], 0));
      for (const line of this.lines) {
        highest = Math.max(highest, point[line.place]);
      }
    }
    // A limit that is far away would press the plot flat.
    return this.limit && this.limit <= highest * 2.5 ? Math.max(highest, this.limit) : highest;
  }

  x(point) {
    return this.box.right - ((this.now - point[POINT.at]) / SPAN) * (this.box.right - this.box.left);
  }

  y(value) {
    return this.box.bottom - (value / this.max) * (this.box.bottom - this.box.top);
  }

  drawAxes(context) {
    const { left, right, top, bottom } = this.box;
    context.font = '10px system-ui, sans-serif';
    context.lineWidth = 1;
    context.strokeStyle = color('--line');
    context.fillStyle = color('--muted');
    context.beginPath();
    for (const share of [0, 0.5, 1]) {
      const y = Math.round(bottom - share * (bottom - top)) + 0.5;
      context.moveTo(left, y);
      context.lineTo(right, y);
    }
    context.stroke();
    context.textBaseline = 'alphabetic';
    for (let minute = 4; minute >= 0; minute--) {
      context.textAlign = minute === 0 ? 'right' : 'center';
      const label = minute === 0 ? 'now' : `−${minute} min`;
      context.fillText(label, right - (minute / 5) * (right - left), bottom + 12);
    }
    if (this.limit && this.limit <= this.max) {
      context.strokeStyle = color('--muted');
      context.setLineDash([4, 3]);
      const y = Math.round(this.y(this.limit)) + 0.5;
      context.beginPath();
      context.moveTo(left, y);
      context.lineTo(right, y);
      context.stroke();
      context.setLineDash([]);
    }
  }

  /** The points in pieces, without the times when nobody looked. */
  pieces() {
    const pieces = [];
    let before = -Infinity;
    for (const point of this.points) {
      if (this.now - point[POINT.at] > SPAN) {
        continue;
      }
      if (point[POINT.at] - before > GAP) {
        pieces.push([]);
      }
      pieces[pieces.length - 1].push(point);
      before = point[POINT.at];
    }
    return pieces;
  }

  drawAreas(context) {
    for (const piece of this.pieces()) {
      const base = piece.map(() => 0);
      for (const area of this.areas) {
        context.beginPath();
        piece.forEach((point, i) => context.lineTo(this.x(point), this.y(base[i] + point[area.place])));
        for (let i = piece.length - 1; i >= 0; i--) {
          context.lineTo(this.x(piece[i]), this.y(base[i]));
          base[i] += piece[i][area.place];
        }
        context.fillStyle = color(area.color);
        context.fill();
      }
    }
  }

  drawLines(context) {
    context.lineWidth = 1.5;
    context.lineJoin = 'round';
    for (const line of this.lines) {
      context.strokeStyle = color(line.color);
      for (const piece of this.pieces()) {
        context.beginPath();
        piece.forEach(point => context.lineTo(this.x(point), this.y(point[line.place])));
        context.stroke();
      }
    }
    context.fillStyle = color('--muted');
    context.textAlign = 'left';
    context.textBaseline = 'top';
    context.fillText(number(this.max), 2, this.box.top + 2);
  }

  describe() {
    const last = this.points[this.points.length - 1];
    const parts = [...this.areas, ...this.lines].map(each => `${number(last[each.place])} ${each.name}`);
    this.canvas.setAttribute('aria-label', `Last five minutes; now ${parts.join(', ')}; scale to ${number(this.max)}`);
  }
}
