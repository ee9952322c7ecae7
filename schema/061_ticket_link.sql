-- Two tickets that have to do with each other: the first is `kind` of the second. One link between any two.
CREATE TABLE ticket_link (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  kind           code      NOT NULL,                     -- related, duplicate, caused_by
  from_id        id        NOT NULL,
  to_id          id        NOT NULL,
  actor_kind     i64       NOT NULL,
  actor_id       ref       NOT NULL,
  at             time_ms   NOT NULL,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, from_id) REFERENCES ticket (tenant, id),
  FOREIGN KEY (tenant, to_id) REFERENCES ticket (tenant, id)
);
CREATE INDEX ticket_link_by_from ON ticket_link (tenant, from_id, at, id);
CREATE INDEX ticket_link_by_to ON ticket_link (tenant, to_id, at, id);

-- Two objects of a kind that somebody told apart: they are not offered as the same again. A row each way.
CREATE TABLE told_apart (
  tenant         tenant_id NOT NULL,
  record         code      NOT NULL,                     -- customer, ticket
  object_id      id        NOT NULL,
  other_id       id        NOT NULL,
  actor_kind     i64       NOT NULL,
  actor_id       ref       NOT NULL,
  at             time_ms   NOT NULL,
  PRIMARY KEY (tenant, record, object_id, other_id)
);

-- Two customers who may be the same person: derived by a follower, the older one first. why: 1 phone, 2 mail, 4 name and address.
CREATE TABLE customer_suspect (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  older_id       id        NOT NULL,
  newer_id       id        NOT NULL,
  why            count     NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX customer_suspect_by_newer ON customer_suspect (tenant, newer_id, older_id);
CREATE INDEX customer_suspect_by_older ON customer_suspect (tenant, older_id, newer_id);
