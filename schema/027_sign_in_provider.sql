-- Who vouches for staff: OpenID Connect providers of a company.
CREATE TABLE sign_in_provider (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  name           code      NOT NULL,                     -- on the button of the sign-in page
  name_en        code      NOT NULL DEFAULT '',
  issuer         text      NOT NULL,                     -- identities belong to it: never changed
  client_id      text      NOT NULL,
  key            key_id    NOT NULL,
  secret         sealed,                                 -- none: a client without one, by PKCE alone
  secret_at      time_ms   NOT NULL DEFAULT 0,
  state          code      NOT NULL DEFAULT 'off',       -- on, off
  domains        text      NOT NULL DEFAULT '',          -- of mail addresses that may sign in, by blanks; empty: any
  makes_people   flag      NOT NULL DEFAULT 0,           -- whoever is new becomes a member of staff at the first sign-in
  role_id        ref       NOT NULL DEFAULT 0,           -- with this role
  factor         code      NOT NULL DEFAULT 'own',       -- own, provider: whose second factor counts
  archived_at    time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE INDEX sign_in_provider_by_created ON sign_in_provider (tenant, created_at, id);

-- Which person of a provider is which of staff. Of issuer and subject only a keyed hash is kept.
CREATE TABLE sign_in_identity (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  user_id        ref       NOT NULL,
  provider_id    ref       NOT NULL,
  subject        hash      NOT NULL,
  used_at        time_ms   NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX sign_in_identity_by_subject ON sign_in_identity (tenant, subject);
CREATE INDEX sign_in_identity_by_user ON sign_in_identity (tenant, user_id, id);
CREATE INDEX sign_in_identity_by_provider ON sign_in_identity (tenant, provider_id, id);
CREATE INDEX sign_in_identity_by_created ON sign_in_identity (tenant, created_at, id);

-- States that came back from a provider: none comes back twice.
CREATE TABLE sign_in_state (
  tenant         tenant_id NOT NULL,
  hash           hash      NOT NULL,
  at             time_ms   NOT NULL,
  PRIMARY KEY (tenant, hash)
);
CREATE INDEX sign_in_state_by_time ON sign_in_state (tenant, at);

-- Somebody who may sign in by password where the company demands a provider of all others.
ALTER TABLE user_account ADD COLUMN emergency flag NOT NULL DEFAULT 0;
CREATE INDEX user_account_by_emergency ON user_account (tenant, emergency, id);
