/** The key that signs checkpoints and withdrawals. It is made once, kept in the data folder, and never printed. */
import { createHash, createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LogKey, type NoteSigner } from '../../feedback/log/note.ts';
import { logName } from '../../feedback/log/receipt.ts';
import { OperatorError } from '../operator-error.ts';

const FILE = 'log-key.pem';

export class KeyError extends OperatorError {
  override name = 'KeyError';
}

/** Signs for every drive of a collector: one key, one log name a drive. */
export interface CollectorKey {
  /** First part of the names of its logs. */
  name: string;
  signerFor: (drive: string) => NoteSigner;
  /** A secret for another use, the same for every collector with this key. */
  derive: (use: string) => string;
}

/**
 * Reads the key, or makes it on first use.
 * @param pem a private key in PEM (PKCS #8), as of the environment; otherwise the file in `folder`
 * @param name of the collector in its logs; default: from the key
 * @throws {KeyError} where the text is no Ed25519 key
 */
export function openKey(folder: string, { pem, name }: { pem?: string | undefined; name?: string | undefined }): CollectorKey {
  const key = parse(pem ?? readOrMake(folder), pem === undefined ? join(folder, FILE) : 'ATTUNE_LOG_KEY');
  const publicKey = Uint8Array.from(createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32));
  const ownName = name ?? `attune-${createHash('sha256').update(publicKey).digest('hex').slice(0, 8)}`;
  return {
    name: ownName,
    derive: (use) => createHmac('sha256', key.export({ format: 'der', type: 'pkcs8' })).update(`attune.derive/1\n${use}`).digest('hex'),
    signerFor: (drive): NoteSigner & LogKey => ({ name: logName(ownName, drive), publicKey, sign: (message) => Uint8Array.from(sign(null, message, key)) }),
  };
}

function readOrMake(folder: string): string {
  const path = join(folder, FILE);
  if (existsSync(path)) return readFileSync(path, 'utf8');
  mkdirSync(folder, { recursive: true });
  const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  writeFileSync(path, pem, { mode: 0o600, flag: 'wx' });
  return pem;
}

function parse(pem: string, where: string): KeyObject {
  try {
    const key = createPrivateKey(pem.replaceAll('\\n', '\n'));
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below, without the text: it may be a key after all.
  }
  throw new KeyError(`${where} does not hold an Ed25519 private key in PEM form. Make one with: openssl genpkey -algorithm ed25519`);
}
