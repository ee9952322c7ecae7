-- Which keys belong to whom. Merging people moves rows here; erasing a person destroys every key listed for the file.
CREATE TABLE pii_key (
  tenant         tenant_id NOT NULL,
  key            key_id    NOT NULL,
  kind           code      NOT NULL DEFAULT 'own',       -- own: the person's; file: of one file about the person
  object         code      NOT NULL,                     -- customer, user_account, tenant; file until somebody holds it
  object_id      id        NOT NULL,
  made_at        time_ms   NOT NULL,
  PRIMARY KEY (tenant, key)
);
CREATE INDEX pii_key_by_object ON pii_key (tenant, object, object_id, key);
-- all tenants: the reclaim job compares the key store with everything that is used
CREATE INDEX pii_key_by_key ON pii_key (key);

-- Exact look-up of sealed values by keyed hash of the normalised text.
CREATE TABLE lookup (
  tenant         tenant_id NOT NULL,
  kind           code      NOT NULL,                     -- phone, phone_last4, email, name
  hash           hash      NOT NULL,
  object         code      NOT NULL,
  object_id      id        NOT NULL,
  PRIMARY KEY (tenant, kind, hash, object, object_id)
);
CREATE INDEX lookup_by_object ON lookup (tenant, object, object_id, kind);

-- Who read which sealed value in clear, and what for.
CREATE TABLE reading (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  at             time_ms   NOT NULL,
  actor_kind     i64       NOT NULL,
  actor_id       ref       NOT NULL,
  object         code      NOT NULL,
  object_id      id        NOT NULL,
  field          code      NOT NULL,
  purpose        code      NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX reading_by_object ON reading (tenant, object, object_id, at, id);
CREATE INDEX reading_by_actor ON reading (tenant, actor_kind, actor_id, at, id);

-- Erased people: what the certificate says. The key store's own list of destroyed keys is what a restore replays.
CREATE TABLE erasure (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  object         code      NOT NULL,
  object_id      id        NOT NULL,
  asked_at       time_ms   NOT NULL,
  asked_by_kind  i64       NOT NULL,
  asked_by       ref       NOT NULL,
  reason         code      NOT NULL,
  state          code      NOT NULL DEFAULT 'running',   -- running, done
  keys           count     NOT NULL DEFAULT 0,
  hashes         count     NOT NULL DEFAULT 0,
  documents      count     NOT NULL DEFAULT 0,           -- search documents dropped
  files          count     NOT NULL DEFAULT 0,
  replies        count     NOT NULL DEFAULT 0,           -- stored idempotency replies and outgoing messages
  done_at        time_ms   NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX erasure_by_object ON erasure (tenant, object, object_id, id);
CREATE INDEX erasure_by_state ON erasure (tenant, state, id);

-- The name of the pair that these data and their key store are. One row.
-- all tenants: it belongs to the installation
CREATE TABLE store_pair (
  one            i64       NOT NULL,                     -- always 1
  pair           code      NOT NULL,
  PRIMARY KEY (one)
);
