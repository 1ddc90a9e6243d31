import { defineRule, listed } from '../rule';

export const personFields = defineRule({
  name: 'person-fields',
  action: 'redact',
  reason: 'says who a person is',
  keys: listed(`
    ~email, e mail, mail, ~phone, mobile, telephone, fax, first name, last name, full name, surname,
    given name, family name, middle name, client name, customer name, owner name, account name,
    holder, beneficiary, display name, username, user name, address, street, city, postcode, zip,
    postal code, birth, dob, birthday, ssn, nino, passport, national id, tax id, tin,
    licence number, license number, gender, nationality, =ip, client ip, remote addr,
    forwarded for, real ip, user agent, geo, latitude, longitude, portfolio name, legal name,
    maiden name, =sin, social insurance, social security, host name
  `),
});

export const email = defineRule({
  name: 'email',
  action: 'redact',
  reason: 'an e-mail address',
  pattern:
    /[\p{L}\p{N}._%+'=~!#$&*/?^`{|}-]{1,64}(?:@|＠|\s?[[(](?:at|AT)[\])]\s?)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,8}/gu,
  hints: ['@', '＠', '(at)', '[at]'],
});

export const nationalId = defineRule({
  name: 'national-id',
  action: 'redact',
  reason: 'a national or tax id',
  pattern:
    /(?<![\w-])(?:\d{3}-\d{2}-\d{4}|\d{3}[- ]\d{3}[- ]\d{3}|\d{3}\.\d{3}\.\d{3}-\d{2}|756\.\d{4}\.\d{4}\.\d{2}|[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]|[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]|[A-Z]{5}\d{4}[A-Z]|[XYZ]?\d{7,8}-?[A-HJ-NP-TV-Z]|\d{2}[.]\d{2}[.]\d{2}-\d{3}[.]\d{2}|\d{6}[-+A]\d{3}[0-9A-Y]|[12] ?\d{2} ?\d{2} ?\d{2} ?\d{3} ?\d{3} ?\d{2})(?![\w-])/gi,
  needs: { digits: 4 },
});

export const phone = defineRule({
  name: 'phone',
  action: 'redact',
  reason: 'a telephone number',
  pattern:
    /(?<![\w.])(?:\+|00)\d{1,3}(?:[ .()/-]{0,2}\d){6,13}(?![\w])|(?<![\w.])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w])|(?<![\w.])0\d{2,4}[ /-]\d{3,4}(?:[ -]?\d{2,4}){1,2}(?![\w])/g,
  needs: { digits: 7 },
});

export const homeFolder = defineRule({
  name: 'home-folder',
  action: 'redact',
  reason: 'a person’s name in a path',
  pattern: /(?:\/home\/|\/Users\/|\\Users\\)([^/\\\s"':]{1,64})/g,
  hints: ['/home/', '\\users\\', '/users/'],
  group: 1,
});

export const ipAddress = defineRule({
  name: 'ip-address',
  action: 'redact',
  reason: 'an address of a person’s machine',
  pattern:
    /(?<![\w.])(?!127\.|0\.0\.0\.0)(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.])/g,
  hints: ['.'],
  needs: { digits: 4 },
});
