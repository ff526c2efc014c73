import { CommanderError } from 'commander';
import { EXIT } from './exit-codes.ts';

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};

/** A size of at least a byte. */
export const sizeOf =
  (flag: string) =>
  (text: string): number => {
    const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
    const unit = UNITS[(match?.[2] ?? '?').toLowerCase()];
    const bytes = Math.round(Number(match?.[1]) * (unit ?? Number.NaN));
    if (!(bytes >= 1)) throw invalid(`${flag} ${text} is not a size such as 16MiB`);
    return bytes;
  };

export const within =
  (flag: string, from: number, to: number) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < from || value > to)
      throw invalid(`${flag} takes a whole number from ${from} to ${to}`);
    return value;
  };

const AGES: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400, w: 604_800 };

/** @returns seconds */
export const ageOf =
  (flag: string) =>
  (text: string): number => {
    const match = /^(\d+)([mhdw])$/.exec(text.trim());
    const unit = AGES[match?.[2] ?? ''];
    if (match?.[1] === undefined || unit === undefined)
      throw invalid(`${flag} ${text} is not an age such as 7d, 12h or 30m`);
    return Number(match[1]) * unit;
  };

/** A command that cannot be understood. */
export const invalid = (reason: string): CommanderError =>
  new CommanderError(EXIT.usage, 'sluice.invalid', reason);
