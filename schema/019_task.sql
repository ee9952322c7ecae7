-- Tasks: what somebody is to do until when, and about what. A call-back that was promised is one of its own kind.
CREATE TABLE task (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  kind           code      NOT NULL DEFAULT 'todo',      -- todo, call_back, complaint_call
  title          code      NOT NULL,
  note           text      NOT NULL DEFAULT '',
  ticket_id      ref       NOT NULL DEFAULT 0,           -- what it is about: any of the three, or nothing
  customer_id    ref       NOT NULL DEFAULT 0,
  device_id      ref       NOT NULL DEFAULT 0,
  owner_id       ref       NOT NULL DEFAULT 0,
  team_id        ref       NOT NULL DEFAULT 0,
  due_at         time_ms   NOT NULL DEFAULT 253402300799999,
  state          code      NOT NULL DEFAULT 'open',      -- open, done, cancelled
  result         text      NOT NULL DEFAULT '',
  done_by        ref       NOT NULL DEFAULT 0,
  done_at        time_ms   NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX task_by_due ON task (tenant, due_at, id);
CREATE INDEX task_by_created ON task (tenant, created_at, id);
CREATE INDEX task_by_updated ON task (tenant, updated_at, id);
CREATE INDEX task_by_state ON task (tenant, state, due_at, id);
CREATE INDEX task_by_owner ON task (tenant, owner_id, state, due_at, id);
CREATE INDEX task_by_team ON task (tenant, team_id, state, due_at, id);
CREATE INDEX task_by_ticket ON task (tenant, ticket_id, due_at, id);
CREATE INDEX task_by_customer ON task (tenant, customer_id, due_at, id);
CREATE INDEX task_by_device ON task (tenant, device_id, due_at, id);

-- Lists of actions as they were done: by hand on several rows, by a macro, by a rule. What taking back needs.
CREATE TABLE action_run (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  record         code      NOT NULL,
  source         code      NOT NULL DEFAULT 'hand',      -- hand, macro, rule
  source_id      ref       NOT NULL DEFAULT 0,           -- the macro or rule
  actions        json      NOT NULL DEFAULT '[]',
  actor_kind     i64       NOT NULL,
  actor_id       ref       NOT NULL,
  at             time_ms   NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX action_run_by_source ON action_run (tenant, source, source_id, at, id);

-- What a run did to one row: between the two versions. A row on which it failed has none.
CREATE TABLE action_row (
  tenant         tenant_id NOT NULL,
  run_id         id        NOT NULL,
  object_id      id        NOT NULL,
  version_before count     NOT NULL,
  version_after  count     NOT NULL,
  lasting        flag      NOT NULL DEFAULT 0,           -- something was done that nothing takes back
  made           json      NOT NULL DEFAULT '[]',        -- [["task","123"]]
  undone_at      time_ms   NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, run_id, object_id),
  FOREIGN KEY (tenant, run_id) REFERENCES action_run (tenant, id)
);

-- Several actions under one name: a person's own, a team's or the company's.
CREATE TABLE macro (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  record         code      NOT NULL,
  name           code      NOT NULL,
  name_en        code      NOT NULL DEFAULT '',
  audience       code      NOT NULL DEFAULT 'mine',      -- mine, team, company
  owner_id       ref       NOT NULL DEFAULT 0,
  team_id        ref       NOT NULL DEFAULT 0,
  actions        json      NOT NULL DEFAULT '[]',
  position       count     NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX macro_by_record ON macro (tenant, record, position, id);
CREATE INDEX macro_by_created ON macro (tenant, created_at, id);
