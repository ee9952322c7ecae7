-- Rules: when this happens, if that holds, do these. Of one kind of object.
CREATE TABLE rule (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  name           code      NOT NULL,
  name_en        code      NOT NULL DEFAULT '',
  object         code      NOT NULL,
  state          code      NOT NULL DEFAULT 'draft',     -- draft, on, off
  place          count     NOT NULL DEFAULT 0,           -- lower comes first
  cause          code      NOT NULL DEFAULT 'event',     -- event, time
  events         json      NOT NULL DEFAULT '[]',        -- ["created","clock_breached"]
  event_data     json      NOT NULL DEFAULT '{}',        -- {"measure":"solution"}: what the event itself must say
  changed        json      NOT NULL DEFAULT '[]',        -- ["region_id"]: one of these must have changed
  condition      text      NOT NULL DEFAULT '',
  language       count     NOT NULL DEFAULT 1,
  actions        json      NOT NULL DEFAULT '[]',
  on_since       time_ms   NOT NULL DEFAULT 0,           -- what happened before does not fire it
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX rule_by_place ON rule (tenant, place, id);
CREATE INDEX rule_by_created ON rule (tenant, created_at, id);

-- Each time a rule fired, and what came of it.
CREATE TABLE rule_run (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  rule_id        id        NOT NULL,
  object         code      NOT NULL,
  object_id      id        NOT NULL,
  cause          code      NOT NULL,                     -- ticket.created, time
  event_no       count     NOT NULL DEFAULT 0,
  root           count     NOT NULL,                     -- the event that began the chain
  depth          count     NOT NULL DEFAULT 0,
  result         code      NOT NULL,                     -- done, failed, loop
  error          text      NOT NULL DEFAULT '',
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX rule_run_by_created ON rule_run (tenant, created_at, id);
CREATE INDEX rule_run_by_rule ON rule_run (tenant, rule_id, created_at, id);
CREATE INDEX rule_run_by_chain ON rule_run (tenant, rule_id, object_id, root);

-- How often a rule fired on a day.
CREATE TABLE rule_day (
  tenant         tenant_id NOT NULL,
  rule_id        id        NOT NULL,
  day            day       NOT NULL,
  fired          count     NOT NULL DEFAULT 0,
  failed         count     NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant, rule_id, day)
);

-- Rows for which a rule of time has fired and still holds: not again before it has ceased to.
CREATE TABLE rule_hold (
  tenant         tenant_id NOT NULL,
  rule_id        id        NOT NULL,
  object_id      id        NOT NULL,
  at             time_ms   NOT NULL,
  PRIMARY KEY (tenant, rule_id, object_id)
);

-- Where events are sent. The secret signs them.
CREATE TABLE webhook (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  name           code      NOT NULL,
  url            text      NOT NULL,
  key            key_id    NOT NULL,
  secret         sealed,
  state          code      NOT NULL DEFAULT 'on',        -- on, off
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX webhook_by_created ON webhook (tenant, created_at, id);

-- Each event on its way to a webhook. The body is made anew for each attempt, from what may be shown then: nothing of it is kept.
CREATE TABLE webhook_delivery (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  webhook_id     id        NOT NULL,
  object         code      NOT NULL,
  object_id      id        NOT NULL,
  kind           code      NOT NULL,
  event_no       count     NOT NULL DEFAULT 0,
  event_at       time_ms   NOT NULL,
  state          code      NOT NULL DEFAULT 'waiting',   -- waiting, sent, failed
  attempts       count     NOT NULL DEFAULT 0,
  status         count     NOT NULL DEFAULT 0,           -- of the last answer, 0: none
  last_error     code      NOT NULL DEFAULT '',
  sent_at        time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX webhook_delivery_by_created ON webhook_delivery (tenant, created_at, id);
CREATE INDEX webhook_delivery_by_webhook ON webhook_delivery (tenant, webhook_id, created_at, id);

-- What members of staff know well: tickets of these products are given to them first.
CREATE TABLE user_skill (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  user_id        id        NOT NULL,
  product_id     id        NOT NULL,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id),
  FOREIGN KEY (tenant, user_id) REFERENCES user_account (tenant, id)
);
CREATE INDEX user_skill_by_created ON user_skill (tenant, created_at, id);
CREATE INDEX user_skill_by_user ON user_skill (tenant, user_id, product_id);
