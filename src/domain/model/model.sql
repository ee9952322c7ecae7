-- name: model_accounts_on () many hot
SELECT m.* FROM model_account m WHERE m.tenant = $tenant AND m.state = 'on' AND m.archived_at = 0 ORDER BY m.created_at, m.id LIMIT 20;

-- name: model_secret_put (id id, secret sealed, at time_ms) exec
UPDATE model_account SET secret = $secret, secret_at = $at, version = version + 1 WHERE tenant = $tenant AND id = $id;

-- name: model_day_of (day day) many hot
SELECT d.* FROM model_day d WHERE d.tenant = $tenant AND d.day = $day;

-- name: model_days (since day) many hot
SELECT d.* FROM model_day d WHERE d.tenant = $tenant AND d.day >= $since ORDER BY d.day DESC LIMIT 31;

-- name: model_day_add (day day, tokens i64) exec
INSERT INTO model_day (tenant, day, tokens, calls) VALUES ($tenant, $day, $tokens, 1)
ON CONFLICT (tenant, day) DO UPDATE SET tokens = model_day.tokens + excluded.tokens, calls = model_day.calls + 1;

-- name: model_day_settle (day day, tokens i64, said count, held count) exec
UPDATE model_day SET tokens = tokens + $tokens, said = said + $said, held = held + $held WHERE tenant = $tenant AND day = $day;

-- The newest calls that left, newest first: whether the endpoint works, and how many are under way.
-- name: model_calls_lately (account id, since time_ms, most i64) many hot
SELECT m.* FROM model_call m WHERE m.tenant = $tenant AND m.account_id = $account AND m.created_at >= $since ORDER BY m.created_at DESC, m.id DESC LIMIT $most;

-- Whether she took back her consent to being served with her data.
-- name: model_consent_taken_back (customer id) many hot
SELECT c.id FROM consent c WHERE c.tenant = $tenant AND c.customer_id = $customer AND c.purpose = 'service' AND c.state = 'withdrawn' AND c.archived_at = 0 LIMIT 1;

-- By hash, page by page.
-- name: model_vectors_page (space code, after hash, most i64) many hot
SELECT v.hash, v.vector FROM model_vector v WHERE v.tenant = $tenant AND v.space = $space AND v.hash > $after ORDER BY v.hash LIMIT $most;

-- name: model_vector_put (space code, hash hash, vector bytes) exec
INSERT INTO model_vector (tenant, space, hash, vector) VALUES ($tenant, $space, $hash, $vector) ON CONFLICT (tenant, space, hash) DO NOTHING;

-- name: model_vector_drop (space code, hash hash) exec
DELETE FROM model_vector WHERE tenant = $tenant AND space = $space AND hash = $hash;

-- Those of endpoints, models and lengths that are no more in use.
-- name: model_vectors_other (space code) exec
DELETE FROM model_vector WHERE tenant = $tenant AND space <> $space;

-- name: model_vectors_count (space code) one
SELECT count(*) AS n:count FROM model_vector v WHERE v.tenant = $tenant AND v.space = $space;

-- name: model_dimension_put (id id, dimension count) exec
UPDATE model_account SET dimension = $dimension WHERE tenant = $tenant AND id = $id;

-- name: model_day_embed (day day, tokens i64) exec
INSERT INTO model_day (tenant, day, embed_tokens, calls) VALUES ($tenant, $day, $tokens, 1)
ON CONFLICT (tenant, day) DO UPDATE SET embed_tokens = model_day.embed_tokens + excluded.embed_tokens, calls = model_day.calls + 1;

-- name: model_day_embed_settle (day day, tokens i64) exec
UPDATE model_day SET embed_tokens = embed_tokens + $tokens WHERE tenant = $tenant AND day = $day;
