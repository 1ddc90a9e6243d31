import type { BuildAttempt } from '../../builds/pack-builds';
import { one } from './circle';

export const other = (attempt?: BuildAttempt): number => attempt?.attempt ?? one();
