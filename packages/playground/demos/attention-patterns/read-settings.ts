import { fileError } from '../../src/files/require-file.js';
import { isAllowed, numberFields, plainSettings, rangeText, type BlockPlace, type Settings } from './settings.js';

/** Settings of what is given, the others plain. @throws RangeError that names the one that does not fit */
export function settingsOf(given: Readonly<Record<string, unknown>>): Settings {
  const known = Object.keys(plainSettings);
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) throw fileError(`settings must be among ${known.join(', ')}`, unknown);
  const settings = { ...plainSettings, ...given };
  for (const field of numberFields) {
    const value = settings[field.key];
    if (!isAllowed(field, value)) throw fileError(`${field.key} must be ${rangeText(field)}`, String(value));
  }
  if (typeof settings.causal !== 'boolean') throw fileError('causal must be true or false', String(settings.causal));
  if (!arePlaces(settings.turned))
    throw fileError('turned must be a list of [row, column] of blocks', JSON.stringify(settings.turned));
  return settings;
}

/** Settings as `left=128,causal,sinks=4`. @throws RangeError */
export function settingsOfText(text: string): Settings {
  const parts = text.split(',').map((part) => part.trim().split('='));
  const entries = parts.map(([key, value]): [string, unknown] => [
    key,
    key === 'causal' ? isTrue(value) : count(value),
  ]);
  return settingsOf(Object.fromEntries(entries));
}

/** Settings of a JSON file. @throws RangeError */
export function settingsOfJson(text: string): Settings {
  const given = parsed(text);
  if (!isSettingsObject(given)) {
    const keys = Object.keys(plainSettings).join(', ');
    throw fileError(`settings of a pattern must be a JSON object with some of ${keys}`, text.slice(0, 40));
  }
  return settingsOf(given);
}

/** Whether a JSON text looks like settings, be they right or wrong. */
export function looksLikeSettings(text: string): boolean {
  return isSettingsObject(parsed(text));
}

/** Those that other JSON files of the demos do not have: the configuration of an autoencoder may have a seed. */
const ownKeys = Object.keys(plainSettings).filter((key) => !['seed', 'heads'].includes(key));

function isSettingsObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && ownKeys.some((key) => key in value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** A flag alone is true; what is neither true nor false stays, to be named by the error. */
function isTrue(value: string | undefined): unknown {
  return value === undefined || value === 'true' ? true : value === 'false' ? false : value;
}

function count(value = ''): unknown {
  return /^\d+$/.test(value) ? Number(value) : value || 'nothing';
}

function arePlaces(value: unknown): value is readonly BlockPlace[] {
  const isPlace = (place: unknown) =>
    Array.isArray(place) && place.length === 2 && place.every((index) => Number.isInteger(index) && Number(index) >= 0);
  return Array.isArray(value) && value.every(isPlace);
}
