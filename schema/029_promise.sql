-- What a company measures itself against.
CREATE TABLE promise (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  code           code      NOT NULL,                     -- closed_loop
  place          count     NOT NULL DEFAULT 0,           -- lower comes first
  area           code      NOT NULL,                     -- intake, solving, calls, satisfaction
  name           code      NOT NULL,
  name_en        code      NOT NULL DEFAULT '',
  meaning        text      NOT NULL DEFAULT '',          -- what is counted, in words
  meaning_en     text      NOT NULL DEFAULT '',
  object         code      NOT NULL,                     -- ticket, task
  measure        code      NOT NULL,                     -- of that object's
  unit           code      NOT NULL,                     -- share, duration
  direction      code      NOT NULL,                     -- least, most
  target         real      NOT NULL,                     -- percent or minutes
  period         code      NOT NULL DEFAULT 'week',      -- day, week, month: shown first
  condition      text      NOT NULL DEFAULT '',          -- '' holds always
  language       count     NOT NULL DEFAULT 1,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, code)
);
CREATE INDEX promise_by_place ON promise (tenant, place, id);
CREATE INDEX promise_by_created ON promise (tenant, created_at, id);

-- What each object counts for in each promise. Written by the follower alone; 0 where it belongs to nothing.
CREATE TABLE promise_case (
  tenant         tenant_id NOT NULL,
  object_id      id        NOT NULL,
  promise_id     id        NOT NULL,
  day            day       NOT NULL,                     -- of its cause, in the company's zone
  held           flag      NOT NULL,
  value          count     NOT NULL DEFAULT 0,           -- milliseconds; 0 for shares
  region_id      ref       NOT NULL DEFAULT 0,
  product_id     ref       NOT NULL DEFAULT 0,
  team_id        ref       NOT NULL DEFAULT 0,
  agent_id       ref       NOT NULL DEFAULT 0,
  channel        count     NOT NULL DEFAULT 0,           -- place in the list of channels, from 1
  PRIMARY KEY (tenant, object_id, promise_id)
);
CREATE INDEX promise_case_by_day ON promise_case (tenant, promise_id, held, day, object_id);

-- Sums of the cases by day and part. A slice is a part looked at alone: (0, 0) is everything.
CREATE TABLE promise_day (
  tenant         tenant_id NOT NULL,
  promise_id     id        NOT NULL,
  slice          count     NOT NULL,                     -- enum promise_part
  slice_id       ref       NOT NULL,
  part           count     NOT NULL,
  day            day       NOT NULL,
  part_id        ref       NOT NULL,
  cases          i64       NOT NULL DEFAULT 0,
  held           i64       NOT NULL DEFAULT 0,
  total          i64       NOT NULL DEFAULT 0,           -- milliseconds of all cases
  PRIMARY KEY (tenant, promise_id, slice, slice_id, part, day, part_id)
);
