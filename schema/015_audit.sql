-- Audit: what happened cannot be changed afterwards without a trace. A row of event, change and reading carries a proof made with a key
-- that is not in the database (ADR 18); rows from before have none.
-- What tells more: the version of the change row that was written with it, or the id of the reading; 0: nothing.
ALTER TABLE event ADD COLUMN detail ref NOT NULL DEFAULT 0;
-- What auditors look at: sign_in, reading, export, right, setting, privacy; '': the daily work.
ALTER TABLE event ADD COLUMN area code NOT NULL DEFAULT '';
ALTER TABLE event ADD COLUMN mac hash;
ALTER TABLE change ADD COLUMN mac hash;
ALTER TABLE reading ADD COLUMN mac hash;
CREATE INDEX event_by_area ON event (tenant, area, no) WHERE area <> '';
CREATE INDEX event_audited ON event (tenant, no) WHERE area <> '';
-- Of staff and of their programs; a customer's are found by what they are about.
CREATE INDEX event_by_staff ON event (tenant, actor_id, no) WHERE actor_kind IN (1, 3);

-- What each company had before its rows carried proofs. The first link of the chain covers this row.
CREATE TABLE audit_start (
  tenant         tenant_id NOT NULL,
  events         count     NOT NULL,                     -- the last number without a proof
  changes        count     NOT NULL,
  readings       count     NOT NULL,
  PRIMARY KEY (tenant)
);
INSERT INTO audit_start (tenant, events, changes, readings)
SELECT t.tenant, coalesce((SELECT k.event_no FROM tenant_counter k WHERE k.tenant = t.tenant), 0),
       (SELECT count(*) FROM change h WHERE h.tenant = t.tenant), (SELECT count(*) FROM reading r WHERE r.tenant = t.tenant)
  FROM tenant t;

-- The chain: each link covers the events from `first` to `no` and the link before it, and is signed.
CREATE TABLE audit_link (
  tenant         tenant_id NOT NULL,
  no             count     NOT NULL,                     -- the last event that it covers
  first          count     NOT NULL,
  at             time_ms   NOT NULL,
  mac            hash      NOT NULL,
  signature      hash      NOT NULL,
  PRIMARY KEY (tenant, no)
);
