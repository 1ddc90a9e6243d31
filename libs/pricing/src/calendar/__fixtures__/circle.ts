import { other } from './circle-back';

export const one = (): number => other() + 1;
