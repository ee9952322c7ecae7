-- Two files of one customer, or two tickets of one matter: which went into which. Nothing is copied; taking back moves what is noted.
CREATE TABLE merge (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  record         code      NOT NULL,                     -- customer, ticket
  winner_id      id        NOT NULL,
  loser_id       id        NOT NULL,
  actor_kind     i64       NOT NULL,
  actor_id       ref       NOT NULL,
  at             time_ms   NOT NULL,
  undone_at      time_ms   NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX merge_by_loser ON merge (tenant, record, loser_id, at, id);
CREATE INDEX merge_by_winner ON merge (tenant, record, winner_id, at, id);

-- What moved: rows by id, keys by their number.
CREATE TABLE merge_part (
  tenant         tenant_id NOT NULL,
  merge_id       id        NOT NULL,
  part           code      NOT NULL,                     -- ticket, device, contact, address, consent, task, proof, key
  object_id      id        NOT NULL,
  PRIMARY KEY (tenant, merge_id, part, object_id),
  FOREIGN KEY (tenant, merge_id) REFERENCES merge (tenant, id)
);
