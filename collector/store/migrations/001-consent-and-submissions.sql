-- Drives, what people were told, what they allowed, and what they sent. Every key begins with the drive, so that a
-- distributed PostgreSQL can keep a drive together; nothing here refers across drives, and there are no serial numbers.
CREATE TABLE IF NOT EXISTS drive (
  drive_id text NOT NULL,
  state text NOT NULL,
  settings jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (drive_id)
);

-- Every notice that was ever published, so that the text behind a consent's hash can be shown for as long as it matters.
CREATE TABLE IF NOT EXISTS notice (
  drive_id text NOT NULL,
  sha256 text NOT NULL,
  language text NOT NULL,
  version text NOT NULL,
  body text NOT NULL,
  is_current boolean NOT NULL,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (drive_id, sha256)
);

CREATE TABLE IF NOT EXISTS consent (
  drive_id text NOT NULL,
  consent_id uuid NOT NULL,
  participant uuid NOT NULL,
  state text NOT NULL,
  purposes text[] NOT NULL,
  notice_sha256 text NOT NULL,
  -- The request as it came; emptied when the consent ends, of which then only the hash is kept.
  request jsonb,
  request_hash text NOT NULL,
  deletion_key text NOT NULL,
  given_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  PRIMARY KEY (drive_id, consent_id)
);
CREATE INDEX IF NOT EXISTS consent_by_participant ON consent (drive_id, participant);

-- What happened to a consent, never changed afterwards.
CREATE TABLE IF NOT EXISTS consent_event (
  drive_id text NOT NULL,
  consent_id uuid NOT NULL,
  event_id uuid NOT NULL,
  state text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (drive_id, consent_id, event_id)
);

CREATE TABLE IF NOT EXISTS submission (
  drive_id text NOT NULL,
  id uuid NOT NULL,
  consent_id uuid NOT NULL,
  participant uuid NOT NULL,
  deletion_key text NOT NULL,
  record jsonb NOT NULL,
  body_hash text NOT NULL,
  nonce text NOT NULL,
  leaf_index bigint NOT NULL,
  leaf_hash text NOT NULL,
  accepted_at timestamptz NOT NULL,
  -- Why this must not be published although its sender allowed it; null where nothing speaks against it.
  blocked text,
  PRIMARY KEY (drive_id, id)
);
CREATE INDEX IF NOT EXISTS submission_by_participant ON submission (drive_id, participant, accepted_at);
CREATE INDEX IF NOT EXISTS submission_by_age ON submission (drive_id, accepted_at);

CREATE TABLE IF NOT EXISTS demographics (
  drive_id text NOT NULL,
  participant uuid NOT NULL,
  consent_id uuid NOT NULL,
  answers jsonb NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (drive_id, participant)
);
