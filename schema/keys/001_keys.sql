-- Masters that wrap the keys: only what recognises them. The masters themselves are never stored.
CREATE TABLE master (
  no             count     NOT NULL,
  check_value    hash      NOT NULL,
  made_at        time_ms   NOT NULL,
  retired_at     time_ms   NOT NULL DEFAULT 0,           -- 0: in use
  PRIMARY KEY (no)
);

-- One key per person, member of staff, file and company. A destroyed key stays as a tombstone: the erasure list.
CREATE TABLE sealing_key (
  id             key_id    NOT NULL,
  master_no      count     NOT NULL,
  wrapped        bytes     NOT NULL,                     -- sealed with the master; zeros once destroyed
  made_at        time_ms   NOT NULL,
  destroyed_at   time_ms   NOT NULL DEFAULT 0,
  PRIMARY KEY (id)
);
CREATE INDEX sealing_key_by_master ON sealing_key (master_no, id);
CREATE INDEX sealing_key_by_destruction ON sealing_key (destroyed_at, id);

-- The name of the pair that this key store and its data are. One row.
CREATE TABLE pair (
  one            i64       NOT NULL,                     -- always 1
  pair           code      NOT NULL,
  PRIMARY KEY (one)
);
