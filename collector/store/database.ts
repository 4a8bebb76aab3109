/** Opens the database: any PostgreSQL by its address, or the embedded one in a data folder. */
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { startEmbedded } from './embedded.ts';
import { type Database, type Tables } from './tables.ts';

export interface DatabaseOptions {
  /** `postgres://…`; without it the embedded server in `data` is used. */
  url?: string | undefined;
  /** The data folder, for the embedded server. */
  data: string;
  /** Most connections at once. */
  connections?: number;
  /** Told about faults that nobody waits for, and about the embedded server's life. */
  onNotice?: (message: string) => void;
}

export interface OpenDatabase {
  db: Database;
  pool: pg.Pool;
  /** Address that another client may use, with its password. */
  url: string;
  kind: 'embedded' | 'server';
  close: () => Promise<void>;
}

const INT8 = 20;
const DATE = 1082;
const CONNECT_TIMEOUT_MS = 5000;
const STATEMENT_TIMEOUT_MS = 30_000;

/** Sizes and indexes are far below 2^53, so they are numbers; days stay texts. */
export const TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid, format): unknown => {
    if ((oid as number) === INT8) return Number;
    if ((oid as number) === DATE) return String;
    return pg.types.getTypeParser(oid, format);
  },
};

/**
 * Opens a database for a collector or a command. Tables may be missing: see `migrate`.
 * @throws {EmbeddedError} when the embedded server cannot start; says what to do
 */
export async function openDatabase({ url, data, connections = 8, onNotice = () => undefined }: DatabaseOptions): Promise<OpenDatabase> {
  const embedded = url === undefined ? await startEmbedded(data, onNotice) : undefined;
  const connectionString = url ?? embedded!.url;
  const pool = new pg.Pool({ connectionString, max: connections, types: TYPES, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, statement_timeout: STATEMENT_TIMEOUT_MS, application_name: 'attune-collector' });
  // An idle connection that breaks must not end the process: the next query opens another.
  pool.on('error', (error) => onNotice(`lost an idle connection to the database: ${error.message}`));
  // A connection in use that breaks fails its query; its event, unheard, would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  return {
    db,
    pool,
    url: connectionString,
    kind: embedded === undefined ? 'server' : 'embedded',
    close: async () => {
      await db.destroy();
      await embedded?.stop();
    },
  };
}
