-- Every type of types.def, first as a value that must be there, then as one that may be missing.
CREATE TABLE sample (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  its_key        key_id    NOT NULL,
  its_ref        ref       NOT NULL,
  its_time       time_ms   NOT NULL,
  its_day        day       NOT NULL,
  its_fen        fen       NOT NULL,
  its_count      count     NOT NULL,
  its_i64        i64       NOT NULL,
  its_flag       flag      NOT NULL,
  its_real       real      NOT NULL,
  its_code       code      NOT NULL,
  its_text       text      NOT NULL,
  its_json       json      NOT NULL,
  its_bytes      bytes     NOT NULL,
  its_sealed     sealed    NOT NULL,
  its_hash       hash      NOT NULL,
  no_id          id,
  no_key         key_id,
  no_ref         ref,
  no_time        time_ms,
  no_day         day,
  no_fen         fen,
  no_count       count,
  no_i64         i64,
  no_flag        flag,
  no_real        real,
  no_code        code,
  no_text        text,
  no_json        json,
  no_bytes       bytes,
  no_sealed      sealed,
  no_hash        hash,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX sample_by_code ON sample (tenant, its_code);

-- A name that PostgreSQL reserves, defaults of each kind, and a reference to itself.
CREATE TABLE user (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  name           code      NOT NULL DEFAULT 'it''s "new"',
  level          i64       NOT NULL DEFAULT -3,
  data           json      NOT NULL DEFAULT '{}',
  boss_id        id,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, name, level),
  FOREIGN KEY (tenant, boss_id) REFERENCES user (tenant, id)
);

-- Which sample a user likes: all columns are the key.
CREATE TABLE liking (
  tenant         tenant_id NOT NULL,
  user_id        id        NOT NULL,
  sample_id      id        NOT NULL,
  PRIMARY KEY (tenant, user_id, sample_id),
  FOREIGN KEY (tenant, user_id) REFERENCES user (tenant, id)
);

-- Something of the whole installation.
-- all tenants: there is one
CREATE TABLE installation (
  one            i64       NOT NULL,
  name           text      NOT NULL,
  PRIMARY KEY (one)
);
