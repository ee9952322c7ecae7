-- Working calendars of a company, in the form of engine/calendar/calendar_form.h.
CREATE TABLE work_calendar (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  code           code      NOT NULL,
  name           code      NOT NULL,
  name_en        code      NOT NULL DEFAULT '',
  form           json      NOT NULL DEFAULT '{}',
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, code)
);
CREATE INDEX work_calendar_by_created ON work_calendar (tenant, created_at, id);

-- Measures of a company's own, beside those that a record brings along: when such a clock runs, stands and is cancelled, as conditions.
CREATE TABLE clock_measure (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  object         code      NOT NULL,                     -- ticket
  code           code      NOT NULL,
  name           code      NOT NULL,
  name_en        code      NOT NULL DEFAULT '',
  run_when       text      NOT NULL,
  pause_when     text      NOT NULL DEFAULT '',
  cancel_when    text      NOT NULL DEFAULT '',
  language       count     NOT NULL DEFAULT 1,           -- EXPR_VERSION of the conditions
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, code)
);
CREATE INDEX clock_measure_by_created ON clock_measure (tenant, created_at, id);

-- What is promised: for each measure the first policy in order whose condition holds.
CREATE TABLE clock_policy (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  object         code      NOT NULL,
  measure        code      NOT NULL,
  name           code      NOT NULL,
  name_en        code      NOT NULL DEFAULT '',
  place          count     NOT NULL DEFAULT 0,           -- lower comes first
  condition      text      NOT NULL DEFAULT '',          -- '' holds always
  language       count     NOT NULL DEFAULT 1,
  target_minutes count     NOT NULL,
  calendar_id    ref       NOT NULL DEFAULT 0,           -- 0: natural time
  soon_percent   count     NOT NULL DEFAULT 75,
  ladder         json      NOT NULL DEFAULT '[]',        -- [{"percent":150,"to":"supervisor"}]
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX clock_policy_by_place ON clock_policy (tenant, place, id);
CREATE INDEX clock_policy_by_created ON clock_policy (tenant, created_at, id);

-- One promise of one object, as it runs: a fold of its events.
CREATE TABLE service_clock (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  object         code      NOT NULL,
  object_id      id        NOT NULL,
  measure        code      NOT NULL,
  round          count     NOT NULL DEFAULT 1,           -- the n-th next response, the n-th solution after a reopening
  policy_id      ref       NOT NULL,
  calendar_id    ref       NOT NULL DEFAULT 0,
  target_ms      count     NOT NULL,
  state          code      NOT NULL,                     -- running, paused, met, cancelled
  from_at        time_ms   NOT NULL,
  run_at         time_ms   NOT NULL,                     -- since when it runs, or stands
  spent_ms       count     NOT NULL DEFAULT 0,           -- working time before run_at
  due_at         time_ms   NOT NULL,
  step           count     NOT NULL DEFAULT 0,           -- percent of the last step told
  breached_at    time_ms   NOT NULL DEFAULT 0,
  ended_at       time_ms   NOT NULL DEFAULT 0,
  next_at        time_ms   NOT NULL,                     -- when somebody has to look
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX service_clock_by_object ON service_clock (tenant, object, object_id, measure, round);
CREATE INDEX service_clock_by_state ON service_clock (tenant, state, id);
-- all tenants: one look finds whatever is due
CREATE INDEX service_clock_by_next ON service_clock (next_at, tenant, id);

-- What happened to a clock: the truth that its row is folded from. due_at: as it was told then.
CREATE TABLE service_clock_event (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  clock_id       id        NOT NULL,
  at             time_ms   NOT NULL,
  kind           code      NOT NULL,                     -- started, paused, resumed, policy, soon, breached, escalated, met, cancelled
  due_at         time_ms   NOT NULL,
  target_ms      count     NOT NULL,
  policy_id      ref       NOT NULL,
  calendar_id    ref       NOT NULL DEFAULT 0,
  percent        count     NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX service_clock_event_by_clock ON service_clock_event (tenant, clock_id, id);

-- Moves on whenever definitions of a kind change (core/definition): who has compiled them knows by it whether they still hold.
CREATE TABLE definition (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,                     -- the kind
  stamp          count     NOT NULL,                     -- never the same twice, also of transactions that were undone
  PRIMARY KEY (tenant, id)
);

-- Since when a customer waits for an answer; 0: she does not.
ALTER TABLE ticket ADD COLUMN waiting_since time_ms NOT NULL DEFAULT 0;
-- Sorted by what is due first.
CREATE INDEX ticket_by_due ON ticket (tenant, next_due_at, id);
