/** What must be settled before strangers may be asked for anything, and what a collector for one machine does without it. */
import { isIP } from 'node:net';
import { PURPOSES } from '../../feedback/schema/index.ts';
import { type DriveSettings } from '../store/tables.ts';
import { type Settings } from './settings.ts';
import { OperatorError } from '../operator-error.ts';

export interface Address {
  host: string;
  port: number;
}

export function addressOf({ bind }: Settings): Address {
  const cut = bind.lastIndexOf(':');
  return { host: bind.slice(0, cut).replace(/^\[|\]$/g, ''), port: Number(bind.slice(cut + 1)) };
}

/** Whether only this machine can reach an address. Names other than localhost count as reachable. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1' || host === '0:0:0:0:0:0:0:1';
}

/** What is missing for a public collector; each line says what to write. Empty when it may open. */
export function missingForPublic(settings: Settings): string[] {
  const missing: string[] = [];
  const need = (present: boolean, line: string) => {
    if (!present) missing.push(line);
  };
  need(settings.controller !== undefined, 'controller: name, address and contact of who is responsible for the data');
  need(settings.jurisdiction !== undefined, 'jurisdiction: whose law applies, for example "Germany (GDPR)"');
  need(settings.storageLocation !== undefined, 'storageLocation: where the data lies, for example "Germany"');
  need(settings.drives.length > 0, 'drives: at least one, with id and title; the notice is made from it');
  need(settings.publicUrl?.startsWith('https://') === true, 'publicUrl: the https:// address under which people reach the collector');
  need(settings.name !== undefined, 'name: of the log, usually the host name; it can never change once there are receipts');
  return missing;
}

/** Why a collector may not be reached from elsewhere yet. */
export class NotReadyForPublic extends OperatorError {
  override name = 'NotReadyForPublic';
  readonly missing: readonly string[];
  constructor(address: string, missing: readonly string[]) {
    super(`The collector stays closed: on ${address} others could reach it, and this is missing in its settings:\n${missing.map((line) => `  - ${line}`).join('\n')}\nWrite it into collector.yaml (docs/collector.md shows one), or bind to 127.0.0.1 to try it out on this machine.`);
    this.missing = missing;
  }
}

/** @throws {NotReadyForPublic} */
export function checkOpening(settings: Settings): void {
  const { host } = addressOf(settings);
  const missing = missingForPublic(settings);
  // Behind a proxy the collector is public wherever it listens.
  if ((!isLoopback(host) || settings.trustedProxies > 0 || settings.publicUrl !== undefined) && missing.length > 0) throw new NotReadyForPublic(settings.bind, missing);
}

const TRIAL = '(not set: this collector is a trial on one machine)';

/** The drives of the settings; a trial has one, so that it can be tried at once. */
export function drivesOf(settings: Settings): DriveSettings[] {
  const drives = settings.drives.length > 0 ? settings.drives : missingForPublic(settings).length > 0 ? [{ id: 'open', title: 'Attune community (a trial on this machine)', purposes: [...PURPOSES] }] : [];
  return drives.map((drive) => ({
    id: drive.id,
    title: drive.title,
    locales: ('locales' in drive ? drive.locales : undefined) ?? null,
    controller: { ...(settings.controller ?? { name: TRIAL, address: TRIAL, contact: TRIAL }), jurisdiction: settings.jurisdiction ?? TRIAL },
    minimumAge: settings.minimumAge,
    retentionDays: settings.retentionDays,
    storageLocation: settings.storageLocation ?? TRIAL,
    purposes: drive.purposes,
  }));
}
