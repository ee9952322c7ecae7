-- Invitations of staff: a link by e-mail that lets its person set a password once, for a time. Only a hash of the link's secret is kept.
CREATE TABLE invitation (
  tenant         tenant_id NOT NULL,
  id             id        NOT NULL,
  user_id        ref       NOT NULL,
  token_hash     hash      NOT NULL,
  state          code      NOT NULL DEFAULT 'open',      -- open, accepted, revoked
  expires_at     time_ms   NOT NULL,
  ended_at       time_ms   NOT NULL DEFAULT 0,           -- accepted or revoked
  created_by     ref       NOT NULL DEFAULT 0,
  created_at     time_ms   NOT NULL,
  version        count     NOT NULL DEFAULT 1,
  PRIMARY KEY (tenant, id)
);
-- all tenants: the link tells the company
CREATE UNIQUE INDEX invitation_by_token ON invitation (token_hash);
CREATE INDEX invitation_by_user ON invitation (tenant, user_id, id);
CREATE INDEX invitation_by_created ON invitation (tenant, created_at, id);

-- People of this role are signed out after so many minutes without a request; 0: as the company says.
ALTER TABLE role ADD COLUMN idle_minutes count NOT NULL DEFAULT 0;
