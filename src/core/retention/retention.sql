-- What went by age, day by day.

-- name: retention_add (kind code, day day, at time_ms, removed count, held count) exec
INSERT INTO retention_day (tenant, kind, day, at, removed, held) VALUES ($tenant, $kind, $day, $at, $removed, $held)
ON CONFLICT (tenant, kind, day) DO UPDATE SET at = excluded.at, removed = retention_day.removed + excluded.removed, held = excluded.held;

-- Newest first, before a day.
-- name: retention_days (kind code, before day, most i64) many hot
SELECT r.* FROM retention_day r WHERE r.tenant = $tenant AND r.kind = $kind AND r.day < $before ORDER BY r.day DESC LIMIT $most;
