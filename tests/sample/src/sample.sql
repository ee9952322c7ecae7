-- name: sample_codes (most i64) many hot
SELECT s.id, s.its_code, s.no_text FROM sample s WHERE s.tenant = $tenant ORDER BY s.id LIMIT $most;

-- name: sample_of_code (code code) one hot
SELECT s.* FROM sample s WHERE s.tenant = $tenant AND s.its_code = $code;

-- name: samples_in (ids id[], codes code[]) many
SELECT s.id, s.its_code FROM sample s WHERE s.tenant = $tenant AND s.id IN ($ids) AND s.its_code NOT IN ($codes) ORDER BY s.id;

-- name: sample_sums () one
SELECT count(*) AS n:count, CAST(sum(s.its_i64) AS bigint) AS total:i64?, max(s.its_real) AS highest:real?,
       EXISTS (SELECT 1 FROM user u WHERE u.tenant = $tenant AND u.level > 0) AS leveled:flag, 'it''s' AS word:text
  FROM sample s WHERE s.tenant = $tenant;

-- name: users_and_bosses () many
SELECT u.id, u.name, b.name AS boss_name:code?, b.level AS boss_level:i64?
  FROM user u LEFT JOIN user b ON (b.tenant, b.id) = (u.tenant, u.boss_id) WHERE u.tenant = $tenant ORDER BY u.id;

-- name: sample_touch (id id, time time_ms) exec
UPDATE sample SET its_time = $time, version = version + 1 WHERE tenant = $tenant AND id = $id;

-- name: user_put (id id, name code, data json) one
INSERT INTO user (tenant, id, name, data) VALUES ($tenant, $id, $name, $data)
    ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, level = user.level + 1 RETURNING id, level, name;

-- name: everybody () many all_tenants "shows that background work sees all"
SELECT u.tenant, u.id FROM user u ORDER BY u.tenant, u.id;

-- name: tenant_peek (other id) many all_tenants "names a tenant by hand"
SELECT u.id FROM user u WHERE u.tenant = $other;
