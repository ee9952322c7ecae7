-- The company a row belongs to. Its id is the first column of every other key.
-- all tenants: signing in must find the company by its code
CREATE TABLE tenant (
  tenant         tenant_id NOT NULL,
  code           code      NOT NULL,                     -- in the log-in form and in links
  name           code      NOT NULL,
  zone_minutes   i64       NOT NULL DEFAULT 480,         -- offset from UTC in which days and numbers count
  pack           code      NOT NULL DEFAULT 'appliance',
  demo           flag      NOT NULL DEFAULT 0,
  service_phone  code      NOT NULL DEFAULT '',          -- shown to customers, called in an emergency
  key            key_id    NOT NULL,                     -- keys the look-up hashes of this company
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant)
);
-- all tenants: signing in must find the company by its code
CREATE UNIQUE INDEX tenant_by_code ON tenant (code);

-- The last event number given out in each company. One row, read and written inside each batch that writes events.
CREATE TABLE tenant_counter (
  tenant         tenant_id NOT NULL,
  event_no       count     NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant)
);

-- The last position given out in each lane.
-- all tenants: a lane carries many companies
CREATE TABLE lane (
  lane           i64       NOT NULL,
  pos            count     NOT NULL DEFAULT 0,
  PRIMARY KEY (lane)
);

-- The last batch that each running writer committed in each lane, written in the batch itself. After a connection was lost
-- during COMMIT the writer reads its own row behind the lane's lock and knows: nobody else writes that row.
-- all tenants: a lane carries many companies
CREATE TABLE lane_writer (
  lane           i64       NOT NULL,
  writer         id        NOT NULL,                     -- drawn anew by each process
  batch          count     NOT NULL,
  at             time_ms   NOT NULL,
  PRIMARY KEY (lane, writer)
);

-- What happened, append-only. `no` has no gaps per company (clients resume by it), `pos` none per lane (followers read by it).
CREATE TABLE event (
  tenant         tenant_id NOT NULL,
  no             count     NOT NULL,
  lane           i64       NOT NULL,
  pos            count     NOT NULL,
  kind           code      NOT NULL,                     -- ticket.created
  object         code      NOT NULL,                     -- ticket
  object_id      ref       NOT NULL,
  at             time_ms   NOT NULL,
  actor_kind     i64       NOT NULL,
  actor_id       ref       NOT NULL,
  request_id     code      NOT NULL DEFAULT '',
  data           json      NOT NULL DEFAULT '{}',        -- never personal data in clear
  PRIMARY KEY (tenant, no)
);
-- all tenants: followers read a lane in order
CREATE UNIQUE INDEX event_by_pos ON event (lane, pos);
CREATE INDEX event_by_object ON event (tenant, object, object_id, no);

-- How far each follower has come in each lane. Written in the transaction of the follower's effect.
-- all tenants: a follower serves a lane
CREATE TABLE follower_cursor (
  lane           i64       NOT NULL,
  name           code      NOT NULL,
  pos            count     NOT NULL DEFAULT 0,
  PRIMARY KEY (lane, name)
);

-- Work to be done later. A row is removed in the transaction of its effect; a dead one stays for people to see.
CREATE TABLE job (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  kind           code      NOT NULL,
  run_at         time_ms   NOT NULL,
  state          code      NOT NULL DEFAULT 'waiting',   -- waiting, running, dead
  attempts       count     NOT NULL DEFAULT 0,
  last_error     text      NOT NULL DEFAULT '',
  unique_key     code      NOT NULL,                     -- one waiting job per key; the id when it does not matter
  data           json      NOT NULL DEFAULT '{}',
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX job_by_key ON job (tenant, kind, unique_key);
-- all tenants: the scheduler looks for whatever is due
CREATE INDEX job_by_time ON job (state, run_at, tenant, id);

-- The first answer to each request that carried an Idempotency-Key; kept for 48 hours.
CREATE TABLE idempotency (
  tenant         tenant_id NOT NULL,
  actor_kind     i64       NOT NULL,
  actor_id       ref       NOT NULL,
  key            code      NOT NULL,
  request_hash   hash      NOT NULL,                     -- of method, path and body
  status         i64       NOT NULL,
  reply          text      NOT NULL,                     -- without personal data, or sealed by who wrote it
  object_id      ref       NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  PRIMARY KEY (tenant, actor_kind, actor_id, key)
);
CREATE INDEX idempotency_by_age ON idempotency (tenant, created_at);

-- History: what changed in a record, who did it and why. Sealed values appear as changed, never in clear.
CREATE TABLE change (
  tenant         tenant_id NOT NULL,
  object         code      NOT NULL,
  object_id      id        NOT NULL,
  version        count     NOT NULL,                     -- the version that this change made
  at             time_ms   NOT NULL,
  actor_kind     i64       NOT NULL,
  actor_id       ref       NOT NULL,
  reason         text      NOT NULL DEFAULT '',
  fields         json      NOT NULL,                     -- {"state":["new","accepted"]}
  PRIMARY KEY (tenant, object, object_id, version)
);

-- The next number of each series, such as SR of a day. Read and written in the transaction that uses it: no gaps, no doubles.
CREATE TABLE number_counter (
  tenant         tenant_id NOT NULL,
  series         code      NOT NULL,                     -- SR20261122
  last           count     NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, series)
);

-- Settings that differ from the defaults in settings.def.
CREATE TABLE setting (
  tenant         tenant_id NOT NULL,
  name           code      NOT NULL,
  value          text      NOT NULL,
  PRIMARY KEY (tenant, name)
);

-- Saved views of lists: a person's own, a team's or the company's.
CREATE TABLE saved_view (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  record         code      NOT NULL,
  name           code      NOT NULL,
  audience       code      NOT NULL DEFAULT 'mine',      -- mine, team, company
  owner_id       ref       NOT NULL DEFAULT 0,
  team_id        ref       NOT NULL DEFAULT 0,
  filter         json      NOT NULL DEFAULT '[]',
  sort           code      NOT NULL DEFAULT '',
  columns        json      NOT NULL DEFAULT '[]',
  position       count     NOT NULL DEFAULT 0,
  alarm          flag      NOT NULL DEFAULT 0,           -- its count is drawn red
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX saved_view_by_record ON saved_view (tenant, record, position, id);
CREATE INDEX saved_view_by_created ON saved_view (tenant, created_at, id);
