/** Drives and the notices that they publish. */
import { renderNotice, NOTICE_LANGUAGES, noticeLanguage } from '../../feedback/notice/notice.ts';
import { formatLogKey } from '../../feedback/log/note.ts';
import { type DriveInfo, type NoticeText } from '../../feedback/schema/index.ts';
import { createLog } from '../log/append.ts';
import { type CollectorKey } from '../log/key.ts';
import { transaction } from './transaction.ts';
import { type Database, type DriveSettings, type Queries } from './tables.ts';

/** Languages that a drive's notice can be had in. */
export const noticesOf = (settings: DriveSettings, languages: readonly string[] = NOTICE_LANGUAGES): NoticeText[] => languages.map((language) => renderNotice({ ...settings, state: 'open', logKey: '' }, language));

/**
 * Makes a drive, or gives it other settings; its notices are published under their hashes. Settings that change what the
 * notice says make new hashes: consents to the old text stay, new ones must be to the new text.
 */
export async function saveDrive(db: Database, settings: DriveSettings, key: CollectorKey, now: Date = new Date()): Promise<void> {
  await transaction(db, async (trx) => {
    await trx
      .insertInto('drive')
      .values({ drive_id: settings.id, state: 'open', settings: JSON.stringify(settings) as unknown as DriveSettings, created_at: now })
      .onConflict((conflict) => conflict.column('drive_id').doUpdateSet({ settings: JSON.stringify(settings) as unknown as DriveSettings }))
      .execute();
    await createLog(trx, settings.id, key.signerFor(settings.id));
    const notices = noticesOf(settings);
    await trx.updateTable('notice').set({ is_current: false }).where('drive_id', '=', settings.id).where('sha256', 'not in', notices.map(({ sha256 }) => sha256)).execute();
    for (const { sha256, language, version, text } of notices) {
      await trx
        .insertInto('notice')
        .values({ drive_id: settings.id, sha256, language, version, body: text, is_current: true, published_at: now })
        .onConflict((conflict) => conflict.columns(['drive_id', 'sha256']).doUpdateSet({ is_current: true }))
        .execute();
    }
  });
}

/** @returns whether there is such a drive */
export async function setDriveState(db: Queries, drive: string, state: DriveInfo['state']): Promise<boolean> {
  const { numUpdatedRows } = await db.updateTable('drive').set({ state }).where('drive_id', '=', drive).executeTakeFirst();
  return numUpdatedRows > 0n;
}

export async function listDrives(db: Queries, key: CollectorKey): Promise<DriveInfo[]> {
  const rows = await db.selectFrom('drive').select(['drive_id', 'state', 'settings']).orderBy('drive_id').execute();
  return rows.map(({ drive_id, state, settings }) => ({ ...settings, state, logKey: formatLogKey(key.signerFor(drive_id)) }));
}

export async function readDrive(db: Queries, drive: string, key: CollectorKey): Promise<DriveInfo | null> {
  const row = await db.selectFrom('drive').select(['state', 'settings']).where('drive_id', '=', drive).executeTakeFirst();
  return row === undefined ? null : { ...row.settings, state: row.state, logKey: formatLogKey(key.signerFor(drive)) };
}

/** The drive's current notice in the language nearest to the one asked for. */
export async function readNotice(db: Queries, drive: string, language: string): Promise<NoticeText | null> {
  const row = await db.selectFrom('notice').selectAll().where('drive_id', '=', drive).where('is_current', '=', true).where('language', '=', noticeLanguage(language)).executeTakeFirst();
  return row === undefined ? null : { version: row.version, language: row.language, text: row.body, sha256: row.sha256 };
}
