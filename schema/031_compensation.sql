-- What a customer is to be given because of a complaint: proposed by one person, approved, then carried out once.
CREATE TABLE compensation (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  no             code      NOT NULL,                     -- CP20261129001
  ticket_id      id        NOT NULL,
  cause          text      NOT NULL DEFAULT '',
  device_id      ref       NOT NULL DEFAULT 0,           -- whose warranty becomes longer
  warranty_months count    NOT NULL DEFAULT 0,
  coupon_fen     fen       NOT NULL DEFAULT 0,
  refund_fen     fen       NOT NULL DEFAULT 0,
  total_fen      fen       NOT NULL DEFAULT 0,           -- all three, as counted when it was written
  state          code      NOT NULL DEFAULT 'proposed',  -- proposed, approved, granted, declined, withdrawn
  approver_id    ref       NOT NULL DEFAULT 0,           -- who was asked; others with the right may answer, too
  proposed_by    ref       NOT NULL DEFAULT 0,
  changed_by     ref       NOT NULL DEFAULT 0,           -- who last changed what is given
  hands          text      NOT NULL DEFAULT '',          -- everybody who proposed or changed it: " 12 34 "
  decided_by     ref       NOT NULL DEFAULT 0,
  decided_at     time_ms   NOT NULL DEFAULT 0,
  decision       text      NOT NULL DEFAULT '',
  alone          flag      NOT NULL DEFAULT 0,           -- approved by whoever proposed or changed it
  granted_by     ref       NOT NULL DEFAULT 0,
  granted_at     time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, no),
  FOREIGN KEY (tenant, ticket_id) REFERENCES ticket (tenant, id)
);
CREATE INDEX compensation_by_created ON compensation (tenant, created_at, id);
CREATE INDEX compensation_by_state ON compensation (tenant, state, created_at, id);
CREATE INDEX compensation_by_ticket ON compensation (tenant, ticket_id, created_at, id);
CREATE INDEX compensation_by_decided ON compensation (tenant, decided_by, decided_at);

-- Each thing given: what other systems (shop, finance) carry on with, by its id. One of a kind a plan: nothing is given twice.
CREATE TABLE compensation_grant (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  compensation_id id       NOT NULL,
  ticket_id      id        NOT NULL,
  kind           code      NOT NULL,                     -- warranty, coupon, refund
  amount_fen     fen       NOT NULL DEFAULT 0,
  months         count     NOT NULL DEFAULT 0,
  until          day       NOT NULL DEFAULT 0,           -- the warranty's new end
  state          code      NOT NULL DEFAULT 'waiting',   -- waiting, done, failed
  reference      code      NOT NULL DEFAULT '',          -- the other system's number
  settled_at     time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, compensation_id, kind),
  FOREIGN KEY (tenant, compensation_id) REFERENCES compensation (tenant, id)
);
CREATE INDEX compensation_grant_by_created ON compensation_grant (tenant, created_at, id);
CREATE INDEX compensation_grant_by_state ON compensation_grant (tenant, state, created_at, id);
CREATE INDEX compensation_grant_by_plan ON compensation_grant (tenant, compensation_id, created_at, id);
CREATE INDEX compensation_grant_by_ticket ON compensation_grant (tenant, ticket_id, created_at, id);

-- A warranty that was made longer: never shorter than this day, whatever the dates of purchase say.
ALTER TABLE device ADD COLUMN extended_until day NOT NULL DEFAULT 0;
