-- Regions: a tree of areas that scope what people see.
CREATE TABLE region (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  code           code      NOT NULL,
  name           code      NOT NULL,
  parent_id      ref       NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, code)
);
CREATE INDEX region_by_created ON region (tenant, created_at, id);

-- Teams: groups of staff that share work.
CREATE TABLE team (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  name           code      NOT NULL,
  region_id      ref       NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, name)
);
CREATE INDEX team_by_created ON team (tenant, created_at, id);

-- Roles: what a person may do (permissions) and on which rows (scope).
CREATE TABLE role (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  code           code      NOT NULL,
  name           code      NOT NULL,
  permissions    json      NOT NULL DEFAULT '[]',        -- ["ticket.read", "customer.reveal"]
  scope          code      NOT NULL DEFAULT 'own',       -- all, region, team, own
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, code)
);
CREATE INDEX role_by_created ON role (tenant, created_at, id);

-- Staff. The account signs in; phone and e-mail are sealed with the person's own key.
CREATE TABLE user_account (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  account        code      NOT NULL,
  name           code      NOT NULL,
  role_id        ref       NOT NULL,
  team_id        ref       NOT NULL DEFAULT 0,
  region_id      ref       NOT NULL DEFAULT 0,
  key            key_id    NOT NULL,
  phone          sealed,
  email          sealed,
  lang           code      NOT NULL DEFAULT 'zh',
  theme          code      NOT NULL DEFAULT 'system',
  password       text      NOT NULL DEFAULT '',          -- argon2id; empty: cannot sign in
  password_at    time_ms   NOT NULL DEFAULT 0,
  failures       count     NOT NULL DEFAULT 0,           -- wrong passwords in a row
  locked_until   time_ms   NOT NULL DEFAULT 0,
  signed_in_at   time_ms   NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id), UNIQUE (tenant, account)
);
CREATE INDEX user_account_by_created ON user_account (tenant, created_at, id);
CREATE INDEX user_account_by_team ON user_account (tenant, team_id, id);

-- Signed-in browsers: of staff and of customers. Only a hash of the cookie is kept.
CREATE TABLE session (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  token_hash     hash      NOT NULL,
  actor_kind     i64       NOT NULL,
  actor_id       id        NOT NULL,
  ticket_id      ref       NOT NULL DEFAULT 0,           -- a session from a signed link sees this ticket only
  created_at     time_ms   NOT NULL,
  seen_at        time_ms   NOT NULL,
  expires_at     time_ms   NOT NULL,
  PRIMARY KEY (tenant, id)
);
-- all tenants: the cookie tells the session, the session the company
CREATE UNIQUE INDEX session_by_token ON session (token_hash);
CREATE INDEX session_by_actor ON session (tenant, actor_kind, actor_id, id);
CREATE INDEX session_by_expiry ON session (tenant, expires_at, id);

-- Tokens of programs, with their own permissions.
CREATE TABLE api_token (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  name           code      NOT NULL,
  token_hash     hash      NOT NULL,
  user_id        id        NOT NULL,                     -- acts within this person's rights
  scopes         json      NOT NULL DEFAULT '[]',        -- and only these permissions
  expires_at     time_ms   NOT NULL,
  seen_at        time_ms   NOT NULL DEFAULT 0,
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
-- all tenants: the token tells the company
CREATE UNIQUE INDEX api_token_by_hash ON api_token (token_hash);
CREATE INDEX api_token_by_created ON api_token (tenant, created_at, id);

-- One-time codes that customers get by SMS.
CREATE TABLE one_time_code (
  tenant         tenant_id NOT NULL,
  phone_hash     hash      NOT NULL,                     -- keyed look-up hash of the phone
  code_hash      hash      NOT NULL,
  sent_at        time_ms   NOT NULL,
  expires_at     time_ms   NOT NULL,
  attempts       count     NOT NULL DEFAULT 0,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, phone_hash)
);
