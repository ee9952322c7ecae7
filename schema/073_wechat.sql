-- WeChat and WeCom: accounts that people write to, how much each may be written back, and what is on its way to them.

-- An official account, a mini-program, or the 微信客服 of a WeCom company. What opens it is sealed and never shown again.
CREATE TABLE wechat_account (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  title          code      NOT NULL,
  kind           code      NOT NULL DEFAULT 'official',  -- official, mini, kf
  state          code      NOT NULL DEFAULT 'off',       -- on, off
  app_id         code      NOT NULL,                     -- AppID; of kf the CorpID
  open_kfid      code      NOT NULL DEFAULT '',          -- of kf: the customer-service account
  mode           code      NOT NULL DEFAULT 'safe',      -- safe, compat, plain
  api_url        code      NOT NULL DEFAULT '',          -- '': theirs; else a gateway of the company's own
  callback       code      NOT NULL,                     -- last part of the address that they deliver to
  quota          count     NOT NULL DEFAULT 5,           -- messages after each of the person's own
  window_hours   count     NOT NULL DEFAULT 48,
  fallback       code      NOT NULL DEFAULT 'sms',       -- sms, call: when nothing may be sent any more
  greeting       text      NOT NULL DEFAULT '',          -- answer to a new follower
  team_id        ref       NOT NULL DEFAULT 0,
  key            key_id    NOT NULL,
  secret         sealed,
  secret_at      time_ms   NOT NULL DEFAULT 0,
  token          sealed,                                 -- that deliveries are signed with
  token_at       time_ms   NOT NULL DEFAULT 0,
  aes_key        sealed,
  aes_at         time_ms   NOT NULL DEFAULT 0,
  aes_before     sealed,                                 -- the key before: deliveries under way still come with it
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX wechat_account_by_created ON wechat_account (tenant, created_at, id);
-- all tenants: a delivery says by its address alone whose it is
CREATE UNIQUE INDEX wechat_account_by_callback ON wechat_account (callback);

-- What changes by itself: the access token, one for all nodes, and how far 微信客服 was read.
CREATE TABLE wechat_access (
  tenant         tenant_id NOT NULL,
  account_id     id        NOT NULL,
  token          sealed,                                 -- with the account's key
  until          time_ms   NOT NULL DEFAULT 0,
  asked_at       time_ms   NOT NULL DEFAULT 0,           -- when it was last asked for
  cursor         text      NOT NULL DEFAULT '',
  trouble        i64       NOT NULL DEFAULT 0,           -- the last code that says the account is set up wrongly
  PRIMARY KEY (tenant, account_id)
);

-- The ledger: how many messages a person may still be sent, and until when. A unit is taken before a call leaves and given back only when the
-- answer says that nothing was sent, so what stands here is never more than what WeChat counts.
CREATE TABLE wechat_window (
  tenant         tenant_id NOT NULL,
  identity_id    id        NOT NULL,
  account_id     id        NOT NULL,
  units          count     NOT NULL DEFAULT 0,
  most           count     NOT NULL DEFAULT 0,
  opened_at      time_ms   NOT NULL DEFAULT 0,           -- the person's last message, by WeChat's time
  until          time_ms   NOT NULL DEFAULT 0,
  warned         time_ms   NOT NULL DEFAULT 0,           -- the `until` that somebody was told of
  is_following   flag      NOT NULL DEFAULT 1,
  session        count     NOT NULL DEFAULT 0,           -- kf: service_state
  PRIMARY KEY (tenant, identity_id)
);

-- A message of the company on its way to a person. Several texts may go as one.
CREATE TABLE wechat_out (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  account_id     id        NOT NULL,
  identity_id    id        NOT NULL,
  conversation_id id       NOT NULL,
  no             count     NOT NULL,
  state          code      NOT NULL DEFAULT 'waiting',   -- waiting, sending, sent, unsure, sms, call, failed
  batch          ref       NOT NULL DEFAULT 0,           -- the id of the first that goes along
  attempts       count     NOT NULL DEFAULT 0,
  code           i64       NOT NULL DEFAULT 0,           -- what the last answer said
  created_at     time_ms   NOT NULL,
  sent_at        time_ms   NOT NULL DEFAULT 0,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX wechat_out_by_person ON wechat_out (tenant, identity_id, state, id);
CREATE INDEX wechat_out_by_conversation ON wechat_out (tenant, conversation_id, no, id);
CREATE INDEX wechat_out_by_batch ON wechat_out (tenant, batch, id);

-- Media that a message came with, until it is fetched.
CREATE TABLE wechat_media (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  account_id     id        NOT NULL,
  conversation_id id       NOT NULL,
  no             count     NOT NULL,
  media          code      NOT NULL,
  type           code      NOT NULL,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX wechat_media_by_conversation ON wechat_media (tenant, conversation_id, no, id);

-- Who may change settings may set up accounts.
-- only sqlite
UPDATE role SET permissions = replace(permissions, ']', ',"wechat_account.read"]') WHERE permissions LIKE '%"setting.read"%';
UPDATE role SET permissions = replace(permissions, ']', ',"wechat_account.archive","wechat_account.change","wechat_account.create"]') WHERE permissions LIKE '%"setting.change"%';
-- end
-- only postgresql
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "wechat_account.read"]') AS jsonb) WHERE CAST(permissions AS text) LIKE '%"setting.read"%';
UPDATE role SET permissions = CAST(replace(CAST(permissions AS text), ']', ', "wechat_account.archive", "wechat_account.change", "wechat_account.create"]') AS jsonb)
 WHERE CAST(permissions AS text) LIKE '%"setting.change"%';
-- end
