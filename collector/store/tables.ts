/** The tables as Kysely sees them. The migrations beside this file make them. */
import { type Generated, type Insertable, type Kysely, type Transaction } from 'kysely';
import { type ConsentRequest, type ConsentState, type Demographics, type DriveInfo, type Purpose, type Submission } from '../../feedback/schema/index.ts';

/** What a drive is, apart from its state and its key. */
export type DriveSettings = Omit<DriveInfo, 'state' | 'logKey'>;

export interface Tables {
  drive: { drive_id: string; state: DriveInfo['state']; settings: DriveSettings; created_at: Date };
  notice: { drive_id: string; sha256: string; language: string; version: string; body: string; is_current: boolean; published_at: Date };
  consent: {
    drive_id: string;
    consent_id: string;
    participant: string;
    state: ConsentState;
    purposes: Purpose[];
    notice_sha256: string;
    request: ConsentRequest | null;
    request_hash: string;
    deletion_key: string;
    given_at: Date;
    expires_at: Date;
    ended_at: Date | null;
  };
  consent_event: { drive_id: string; consent_id: string; event_id: string; state: ConsentState; at: Date };
  submission: {
    drive_id: string;
    id: string;
    consent_id: string;
    participant: string;
    deletion_key: string;
    record: Submission;
    body_hash: string;
    nonce: string;
    leaf_index: number;
    leaf_hash: string;
    accepted_at: Date;
    blocked: string | null;
  };
  demographics: { drive_id: string; participant: string; consent_id: string; answers: Demographics; updated_at: Date };
  log_state: { drive_id: string; size: number; frontier: Buffer; checkpoint: string; withdrawals: number; last_withdrawal: string };
  log_leaf: { drive_id: string; first_index: number; hashes: Buffer };
  log_node: { drive_id: string; level: number; position: number; hash: Buffer };
  withdrawal: { drive_id: string; seq: number; public_id: string; line: string };
  used_work: { work_id: string; expires_at: Date };
  schema_migration: { version: number; name: string; checksum: string; applied_at: Generated<Date> };
  schema_lock: { id: number; holder: string | null; until: Date | null };
}

export type Database = Kysely<Tables>;
/** A transaction, or the database itself where one statement is enough. */
export type Queries = Kysely<Tables> | Transaction<Tables>;
export type NewRow<T extends keyof Tables> = Insertable<Tables[T]>;
