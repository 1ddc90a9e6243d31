import { ibanLength, mayBeAccount, passesLuhn } from '../checksum';
import { defineRule, listed } from '../rule';

export const accountFields = defineRule({
  name: 'account-fields',
  action: 'redact',
  reason: 'an account or card number',
  keys: listed(`
    account, acct, iban, bic, swift, sort code, routing number, card, pan, credit card, ccn, bank,
    account number, card number
  `),
});

export const amountFields = defineRule({
  name: 'amount-fields',
  action: 'redact',
  reason: 'a financial amount',
  keys: listed(`
    amount, balance, price, cost, market value, book value, position value, portfolio value, nav,
    net worth, cash, proceed, gain, loss, pnl, profit, quantity, qty, =units, share, salary,
    income, fee, =total, subtotal, premium, dividend, worth, holding, position, cash flow,
    total value, weight, notional, exposure, deposit, withdrawal, tax, payment
  `),
});

export const iban = defineRule({
  name: 'iban',
  action: 'redact',
  reason: 'an IBAN (checksum)',
  pattern: /(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{1,4}){3,9}(?![A-Za-z0-9])/gi,
  verify: ibanLength,
  needs: { digits: 2 },
});

export const card = defineRule({
  name: 'card',
  action: 'redact',
  reason: 'a card number (Luhn)',
  pattern: /(?<![\w.])\d(?:[ -]?\d){11,18}(?![\w])/g,
  verify: (match) => mayBeAccount(match) && passesLuhn(match),
  needs: { digits: 12 },
});

export const amount = defineRule({
  name: 'amount',
  action: 'redact',
  reason: 'a financial amount',
  pattern:
    /(?<![\w])(?:(?:[$€£¥₹₽₩₪₫₺₴]|(?:USD|EUR|GBP|CHF|CAD|AUD|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|SGD|HKD|NZD|US\$|C\$|A\$|kr|zł|R\$)[  ]?)\s?[-+−(]?\d[\d.,'’   ]{0,30}(?:[kKmMbB](?![A-Za-z]))?|[-+−]?\d[\d.,'’   ]{0,30}(?:[kKmMbB]n?)?[  ]?(?:[$€£¥₹₽₩₪₫₺₴%]?(?<=[$€£¥₹₽₩₪₫₺₴])|(?:USD|EUR|GBP|CHF|CAD|AUD|JPY|CNY|INR|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|SGD|HKD|NZD|dollars?|euros?|pounds?|francs?|kr|zł)(?![A-Za-z]))|[-+−]?\d{1,3}(?:[.,'’   ]\d{2,3}){1,8}(?:[.,]\d{1,10})?(?![\w:-])|[-+−]?\d{1,12}[.,]\d{2,12}(?![\w:.-]))/gi,
  needs: { digits: 1 },
});

export const longNumber = defineRule({
  name: 'long-number',
  action: 'redact',
  reason: 'may be an account number',
  pattern: /(?<![\w.])\d(?:[ -]?\d){7,29}(?![\w])/g,
  verify: mayBeAccount,
  needs: { digits: 8 },
});

export const accountInPath = defineRule({
  name: 'account-in-path',
  action: 'redact',
  reason: 'an account in a path',
  pattern: /\/(?:accounts?|cards?|ibans?|emails?|phones?)\/([^/\s"'?#&<>)\]]{1,128})/gi,
  hints: ['/account', '/card', '/iban', '/email', '/phone'],
  group: 1,
});

export const accountInWords = defineRule({
  name: 'account-in-words',
  action: 'redact',
  reason: 'an account number named in a sentence',
  pattern:
    /\b(?:account|acct|a\/c|konto|compte|cuenta|card|passport|licen[cs]e|iban|ssn|sin|sort code|routing)(?: (?:number|no\.?|nr\.?|num|id))?[ :#]{1,3}["']?((?=[A-Z0-9 -]{0,30}\d)[A-Z0-9][A-Z0-9-]{2,40})/gi,
  hints: [
    'acc',
    'a/c',
    'konto',
    'compte',
    'cuenta',
    'card',
    'passport',
    'licen',
    'iban',
    'ssn',
    'sin',
    'sort',
    'rout',
  ],
  group: 1,
});
