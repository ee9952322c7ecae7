-- Second factor of staff: a code by the clock (RFC 6238). The secret is sealed with the person's own key.
ALTER TABLE user_account ADD COLUMN factor sealed;
-- One that is being set up: it counts when a code has proved that the person's phone has it.
ALTER TABLE user_account ADD COLUMN factor_new sealed;
-- Since when; 0: none.
ALTER TABLE user_account ADD COLUMN factor_at time_ms NOT NULL DEFAULT 0;
-- The last time step whose code was taken: no code works twice.
ALTER TABLE user_account ADD COLUMN factor_step count NOT NULL DEFAULT 0;

-- Whether people of this role must sign in with one, and whether a session was.
ALTER TABLE role ADD COLUMN second_factor flag NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN second_factor flag NOT NULL DEFAULT 0;

-- What opens the account once when the phone is lost: hashes, keyed by the company's secret.
CREATE TABLE recovery_code (
  tenant         tenant_id NOT NULL,
  user_id        id        NOT NULL,
  hash           hash      NOT NULL,
  PRIMARY KEY (tenant, user_id, hash)
);
