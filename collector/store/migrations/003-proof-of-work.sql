-- Proofs of work that were shown, so that none is taken twice by any collector. Rows go when the challenge runs out.
CREATE TABLE IF NOT EXISTS used_work (
  work_id text NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (work_id)
);
CREATE INDEX IF NOT EXISTS used_work_by_end ON used_work (expires_at);
