import { defineRule, listed } from '../rule';

export const payloads = defineRule({
  name: 'payloads',
  action: 'allow-list',
  reason: 'a payload: only known fields leave',
  keys: listed(`
    =inputs, =body, request body, response body, =args, =arguments, =payload, =params, =form,
    job data, =return value, step inputs, =variables, =vars, query string, =query, post data,
    =headers, request headers, response headers, =parameters, =values array, =row, =rows, =env,
    =result, =output, =outputs, =input, query parameter, db query parameter, url query, =baggage
  `),
});

export const databaseDetail = defineRule({
  name: 'database-detail',
  action: 'redact',
  reason: 'PostgreSQL repeats values in its errors',
  pattern:
    /(?<=Key \([^)]{1,200}\)=)\([^\n]{0,2000}?\)(?= |$)|(?<=Failing row contains )\([^\n]{0,8000}\)|(?<=(?:invalid input syntax|invalid input value|out of range|date\/time field value)[^"\n]{0,80})"[^"\n]{0,2000}"/g,
  hints: ['key (', 'failing row', 'invalid input', 'out of range', 'field value'],
});
