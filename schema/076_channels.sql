-- SMS through a vendor's gateway, and calls as events of a telephone system.

-- A way for SMS of one company: an account at a vendor or a gateway of its own. What opens it is sealed and never shown again.
CREATE TABLE sms_gateway (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  title          code      NOT NULL,
  kind           code      NOT NULL DEFAULT 'aliyun',    -- aliyun, tencent, generic
  state          code      NOT NULL DEFAULT 'off',       -- on, off
  sign_name      code      NOT NULL DEFAULT '',
  access_id      code      NOT NULL DEFAULT '',          -- AccessKey ID, SecretId
  app_id         code      NOT NULL DEFAULT '',          -- of tencent: SmsSdkAppId
  region         code      NOT NULL DEFAULT '',
  api_url        code      NOT NULL DEFAULT '',          -- '': the vendor's
  templates      text      NOT NULL DEFAULT '',          -- a line each: "ticket_received = SMS_1234567 no,name"
  callback       code      NOT NULL,                     -- last part of the address that reports are delivered to
  key            key_id    NOT NULL,
  secret         sealed,
  secret_at      time_ms   NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX sms_gateway_by_created ON sms_gateway (tenant, created_at, id);
-- all tenants: a delivery says by its address alone whose it is
CREATE UNIQUE INDEX sms_gateway_by_callback ON sms_gateway (callback);

-- Which message of a conversation an SMS of the outbox carries; the id is the outbox's.
CREATE TABLE sms_out (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  conversation_id id       NOT NULL,
  no             count     NOT NULL,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX sms_out_by_conversation ON sms_out (tenant, conversation_id, no, id);

-- Values for the vendor's template, by word, as JSON; with the receiver's key.
ALTER TABLE outbox ADD COLUMN words sealed;
ALTER TABLE outbox ADD COLUMN gateway_id ref NOT NULL DEFAULT 0;
-- The vendor's name of the message, by which it reports.
ALTER TABLE outbox ADD COLUMN serial code NOT NULL DEFAULT '';
CREATE INDEX outbox_by_serial ON outbox (tenant, serial, id);

-- A telephone system that tells of its calls and can be asked to make one.
CREATE TABLE phone_line (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  title          code      NOT NULL,
  state          code      NOT NULL DEFAULT 'off',       -- on, off
  dial_url       code      NOT NULL DEFAULT '',          -- asked to make a call; '': it cannot
  record_hosts   code      NOT NULL DEFAULT '',          -- where recordings may lie, separated by commas
  team_id        ref       NOT NULL DEFAULT 0,           -- that calls back
  callback       code      NOT NULL,
  key            key_id    NOT NULL,
  secret         sealed,
  secret_at      time_ms   NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX phone_line_by_created ON phone_line (tenant, created_at, id);
-- all tenants: an event says by its address alone whose it is
CREATE UNIQUE INDEX phone_line_by_callback ON phone_line (callback);

-- A call, put together from its events in whatever order they came. Times are the telephone system's.
CREATE TABLE phone_call (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  line_id        id        NOT NULL,
  code           code      NOT NULL,                     -- the telephone system's name of it
  direction      code      NOT NULL DEFAULT 'in',        -- in, out
  state          code      NOT NULL DEFAULT 'ringing',   -- ringing, talking, ended, missed
  customer_id    ref       NOT NULL DEFAULT 0,
  conversation_id ref      NOT NULL DEFAULT 0,
  identity_id    ref       NOT NULL DEFAULT 0,
  user_id        ref       NOT NULL DEFAULT 0,           -- whose extension it is
  team_id        ref       NOT NULL DEFAULT 0,
  extension      code      NOT NULL DEFAULT '',
  extension_at   time_ms   NOT NULL DEFAULT 0,           -- of the event that named it
  number         sealed,
  rang_at        time_ms   NOT NULL DEFAULT 0,
  answered_at    time_ms   NOT NULL DEFAULT 0,
  ended_at       time_ms   NOT NULL DEFAULT 0,
  seconds        count     NOT NULL DEFAULT 0,           -- from answer to end
  transfers      count     NOT NULL DEFAULT 0,
  recording      text      NOT NULL DEFAULT '',          -- where it lies; never shown
  told           code      NOT NULL DEFAULT '',          -- what the conversation was told of its end
  task_id        ref       NOT NULL DEFAULT 0,           -- to call back, made because of it
  key            key_id    NOT NULL,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  updated_at     time_ms   NOT NULL DEFAULT 0,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX phone_call_by_created ON phone_call (tenant, created_at, id);
CREATE UNIQUE INDEX phone_call_by_code ON phone_call (tenant, line_id, code);
CREATE INDEX phone_call_by_state ON phone_call (tenant, state, created_at, id);
CREATE INDEX phone_call_by_customer ON phone_call (tenant, customer_id, created_at, id);
CREATE INDEX phone_call_by_user ON phone_call (tenant, user_id, state, id);

-- Events that were taken: the same again is nothing.
CREATE TABLE phone_event (
  tenant         tenant_id NOT NULL,
  line_id        id        NOT NULL,
  name           hash      NOT NULL,
  call_id        id        NOT NULL,
  PRIMARY KEY (tenant, line_id, name)
);
CREATE INDEX phone_event_by_call ON phone_event (tenant, call_id, name);

-- Of whose telephone the system speaks.
ALTER TABLE user_account ADD COLUMN extension code NOT NULL DEFAULT '';
CREATE INDEX user_account_by_extension ON user_account (tenant, extension, id);

-- Who may change settings sets up gateways and telephone systems; who has conversations sees calls; supervisors hear recordings.
-- only sqlite
UPDATE role SET permissions = replace(permissions, ']', ',"phone_line.read","sms_gateway.read"]') WHERE permissions LIKE '%"setting.read"%';
UPDATE role SET permissions = replace(permissions, ']', ',"phone_line.archive","phone_line.change","phone_line.create","sms_gateway.archive","sms_gateway.change","sms_gateway.create"]') WHERE permissions LIKE '%"setting.change"%';
UPDATE role SET permissions = replace(permissions, ']', ',"phone_call.read"]') WHERE permissions LIKE '%"conversation.read"%';
UPDATE role SET permissions = replace(permissions, ']', ',"phone_call.dial"]') WHERE permissions LIKE '%"conversation.work"%';
UPDATE role SET permissions = replace(permissions, ']', ',"phone_call.export","phone_call.listen"]') WHERE permissions LIKE '%"conversation.export"%';
-- end
-- only postgresql
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "phone_line.read", "sms_gateway.read"]') AS jsonb) WHERE CAST(permissions AS text) LIKE '%"setting.read"%';
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "phone_line.archive", "phone_line.change", "phone_line.create", "sms_gateway.archive", "sms_gateway.change", "sms_gateway.create"]') AS jsonb)
 WHERE CAST(permissions AS text) LIKE '%"setting.change"%';
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "phone_call.read"]') AS jsonb) WHERE CAST(permissions AS text) LIKE '%"conversation.read"%';
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "phone_call.dial"]') AS jsonb) WHERE CAST(permissions AS text) LIKE '%"conversation.work"%';
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "phone_call.export", "phone_call.listen"]') AS jsonb) WHERE CAST(permissions AS text) LIKE '%"conversation.export"%';
-- end
