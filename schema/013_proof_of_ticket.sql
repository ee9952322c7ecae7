-- A proof may come with a ticket whose device nobody knows yet: until there is one, it belongs to the ticket. SQLite takes no foreign key
-- off a column, so the rows move to a table of the same name.
CREATE TABLE purchase_proof_kept (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  device_id      id        NOT NULL,
  ticket_id      ref       NOT NULL DEFAULT 0,
  kind           code      NOT NULL,                     -- invoice, receipt, order, warranty_card
  purchased_on   day       NOT NULL DEFAULT 0,
  verdict        code      NOT NULL DEFAULT 'waiting',   -- waiting, accepted, refused, lapsed
  file_id        ref       NOT NULL DEFAULT 0,           -- 0 once there is a verdict
  checked_by     ref       NOT NULL DEFAULT 0,
  checked_at     time_ms   NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
INSERT INTO purchase_proof_kept (tenant, id, device_id, ticket_id, kind, purchased_on, verdict, file_id, checked_by, checked_at, archived_at, created_at, version)
SELECT tenant, id, device_id, ticket_id, kind, purchased_on, verdict, file_id, checked_by, checked_at, archived_at, created_at, version FROM purchase_proof;
DROP TABLE purchase_proof;

-- Purchase proofs (A10): verified, not stored. The picture goes with the verdict; kind, day, verdict, who and when stay.
CREATE TABLE purchase_proof (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  device_id      ref       NOT NULL DEFAULT 0,           -- 0: not known yet
  ticket_id      ref       NOT NULL DEFAULT 0,
  object         code      NOT NULL DEFAULT '',          -- ticket, as long as that is what it belongs to
  kind           code      NOT NULL,                     -- invoice, receipt, order, warranty_card
  purchased_on   day       NOT NULL DEFAULT 0,
  verdict        code      NOT NULL DEFAULT 'waiting',   -- waiting, accepted, refused, lapsed
  file_id        ref       NOT NULL DEFAULT 0,           -- 0 once there is a verdict
  checked_by     ref       NOT NULL DEFAULT 0,
  checked_at     time_ms   NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX purchase_proof_by_device ON purchase_proof (tenant, device_id, created_at, id);
CREATE INDEX purchase_proof_by_ticket ON purchase_proof (tenant, ticket_id, id);
CREATE INDEX purchase_proof_by_created ON purchase_proof (tenant, created_at, id);
INSERT INTO purchase_proof (tenant, id, device_id, ticket_id, kind, purchased_on, verdict, file_id, checked_by, checked_at, archived_at, created_at, version)
SELECT tenant, id, device_id, ticket_id, kind, purchased_on, verdict, file_id, checked_by, checked_at, archived_at, created_at, version FROM purchase_proof_kept;
DROP TABLE purchase_proof_kept;
