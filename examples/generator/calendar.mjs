const MILLISECONDS_A_DAY = 86_400_000;

/** `YYYY-MM-DD` of the day `days` later. */
export function addDays(date, days) {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * MILLISECONDS_A_DAY).toISOString().slice(0, 10);
}

export function isBusinessDay(date) {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday !== 0 && weekday !== 6;
}

/** Monday to Friday, both ends included. */
export function businessDays(first, last) {
  const days = [];
  for (let date = first; date <= last; date = addDays(date, 1)) if (isBusinessDay(date)) days.push(date);
  return days;
}

/** The last business day of each month that ends within the days given. */
export function monthEnds(days) {
  return days.filter((day, index) => {
    const next = days[index + 1];
    return next !== undefined && next.slice(0, 7) !== day.slice(0, 7);
  });
}
