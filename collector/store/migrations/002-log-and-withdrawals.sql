-- The drive's Merkle log (RFC 6962). One row per drive is locked by whoever appends; leaves are kept in runs, one a
-- transaction; roots of full subtrees of 2^8, 2^16 and 2^24 leaves are kept so that a proof reads a few hundred hashes.
CREATE TABLE IF NOT EXISTS log_state (
  drive_id text NOT NULL,
  size bigint NOT NULL,
  frontier bytea NOT NULL,
  checkpoint text NOT NULL,
  withdrawals bigint NOT NULL,
  last_withdrawal text NOT NULL,
  PRIMARY KEY (drive_id)
);

CREATE TABLE IF NOT EXISTS log_leaf (
  drive_id text NOT NULL,
  first_index bigint NOT NULL,
  hashes bytea NOT NULL,
  PRIMARY KEY (drive_id, first_index)
);

CREATE TABLE IF NOT EXISTS log_node (
  drive_id text NOT NULL,
  level smallint NOT NULL,
  position bigint NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (drive_id, level, position)
);

-- The public list: ids that stand for nothing else any more, chained and signed.
CREATE TABLE IF NOT EXISTS withdrawal (
  drive_id text NOT NULL,
  seq bigint NOT NULL,
  public_id text NOT NULL,
  line text NOT NULL,
  PRIMARY KEY (drive_id, seq)
);
CREATE UNIQUE INDEX IF NOT EXISTS withdrawal_by_id ON withdrawal (drive_id, public_id);
