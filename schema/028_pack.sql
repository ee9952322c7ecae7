-- Each time a company took up another industry's pack: what it put away, it brings back when the company returns.
CREATE TABLE pack_switch (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  from_pack      code      NOT NULL,
  to_pack        code      NOT NULL,
  at             time_ms   NOT NULL,                     -- archived_at of what it put away
  actor_kind     i64       NOT NULL,
  actor_id       ref       NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
