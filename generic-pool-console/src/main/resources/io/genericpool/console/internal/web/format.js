// How numbers and times are written.

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

export const number = value => whole.format(value);

/** A time in milliseconds, to three digits or so. */
export function duration(millis) {
  if (millis < 0.001) {
    return '0';
  }
  if (millis < 1) {
    return Math.round(millis * 1000) + ' µs';
  }
  if (millis < 1000) {
    return (millis < 10 ? millis.toFixed(1) : Math.round(millis)) + ' ms';
  }
  const seconds = millis / 1000;
  if (seconds < 60) {
    return (seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)) + ' s';
  }
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? minutes + ' min ' + Math.floor(seconds % 60) + ' s'
    : Math.floor(minutes / 60) + ' h ' + (minutes % 60) + ' min';
}

/** The time since a moment, in whole seconds once it is a second: it is renewed once per second. */
export function age(since, now) {
  const millis = Math.max(0, now - since);
  return millis < 1000 ? '< 1 s' : duration(Math.floor(millis / 1000) * 1000).replace('.0 s', ' s');
}

/** A percentile in microseconds. */
export const wait = micros => (micros < 0 ? '–' : duration(micros / 1000));

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export const time = millis => clock.format(millis);

/** Sets a text only when it differs: writing the same one costs a layout. */
export function text(element, value) {
  if (element.firstChild === null || element.firstChild.nodeValue !== value) {
    element.textContent = value;
  }
}
