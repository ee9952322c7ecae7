-- Patterns that shifts are given by: early, late, night. What is planned keeps its own hours when a pattern changes.
CREATE TABLE shift_kind (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  code           code      NOT NULL,
  name           code      NOT NULL,
  name_en        code      NOT NULL DEFAULT '',
  hours          code      NOT NULL,                     -- "22:00-08:00"
  place          count     NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, code)
);
CREATE INDEX shift_kind_by_created ON shift_kind (tenant, created_at, id);
CREATE INDEX shift_kind_by_place ON shift_kind (tenant, place, id);

-- One person's shift on one day. Kept as the wall shows it, so a zone whose rules change moves no plan; it belongs to the day it begins on.
CREATE TABLE shift (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  user_id        id        NOT NULL,
  team_id        ref       NOT NULL DEFAULT 0,           -- hers when it was planned
  kind_id        ref       NOT NULL DEFAULT 0,
  day            day       NOT NULL,
  hours          code      NOT NULL,
  zone           code      NOT NULL DEFAULT '',          -- of her team's calendar; '': the company's
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, user_id) REFERENCES user_account (tenant, id)
);
CREATE INDEX shift_by_day ON shift (tenant, day, id);
CREATE INDEX shift_by_user ON shift (tenant, user_id, day, id);
CREATE INDEX shift_by_team ON shift (tenant, team_id, day, id);
CREATE INDEX shift_by_created ON shift (tenant, created_at, id);

-- Leave: who is absent from when until when, and who does her duty meanwhile.
CREATE TABLE absence (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  user_id        id        NOT NULL,
  team_id        ref       NOT NULL DEFAULT 0,
  reason         code      NOT NULL DEFAULT 'annual',
  from_at        time_ms   NOT NULL,
  to_at          time_ms   NOT NULL,                     -- half-open
  cover_id       ref       NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, user_id) REFERENCES user_account (tenant, id)
);
CREATE INDEX absence_by_from ON absence (tenant, from_at, id);
CREATE INDEX absence_by_end ON absence (tenant, to_at, id);
CREATE INDEX absence_by_user ON absence (tenant, user_id, from_at, id);
CREATE INDEX absence_by_created ON absence (tenant, created_at, id);

-- Why people take a break, and how long one should last.
CREATE TABLE break_reason (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  code           code      NOT NULL,
  name           code      NOT NULL,
  name_en        code      NOT NULL DEFAULT '',
  limit_minutes  count     NOT NULL DEFAULT 0,           -- 0: none
  place          count     NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, code)
);
CREATE INDEX break_reason_by_created ON break_reason (tenant, created_at, id);
CREATE INDEX break_reason_by_place ON break_reason (tenant, place, id);

-- What people said of themselves: on duty, on a break, off. A row holds from from_at until to_at, which is known from the beginning
-- (the end of the shift) and moves forward when she says something else: nobody has to end it.
CREATE TABLE attendance (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  user_id        id        NOT NULL,
  team_id        ref       NOT NULL DEFAULT 0,
  state          code      NOT NULL,                     -- on, break, off
  reason_id      ref       NOT NULL DEFAULT 0,           -- of a break
  cause          code      NOT NULL DEFAULT 'said',      -- said, signed_out
  from_at        time_ms   NOT NULL,
  to_at          time_ms   NOT NULL,                     -- half-open
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, user_id) REFERENCES user_account (tenant, id)
);
CREATE INDEX attendance_by_from ON attendance (tenant, from_at, id);
CREATE INDEX attendance_by_user ON attendance (tenant, user_id, from_at, id);
CREATE INDEX attendance_by_team ON attendance (tenant, team_id, from_at, id);
CREATE INDEX attendance_by_created ON attendance (tenant, created_at, id);

-- When a team is to be there.
ALTER TABLE team ADD COLUMN calendar_id ref NOT NULL DEFAULT 0;
