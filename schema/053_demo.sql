-- Demo data: each row of a record that loading it made, and nothing else. What is not here is the company's own.
CREATE TABLE demo_mark (
  tenant         tenant_id NOT NULL,
  object_id      id        NOT NULL,
  record         code      NOT NULL,
  place          id        NOT NULL,                     -- grows: what came later may refer to what came before
  PRIMARY KEY (tenant, object_id)
);
CREATE INDEX demo_mark_by_place ON demo_mark (tenant, place);

-- Messages and notices about an object go with it.
CREATE INDEX outbox_by_object ON outbox (tenant, object, object_id);
CREATE INDEX notification_by_object ON notification (tenant, object, object_id);
