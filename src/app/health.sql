-- What is old, and what this day has already.
-- name: health_days_drop (before day, today day) exec
DELETE FROM health_day WHERE health_day.tenant = $tenant AND (day < $before OR day = $today);

-- The newest first.
-- name: health_kept (most count) many hot
SELECT d.day, d.backup_hours, d.free_mb, d.behind, d.warned, d.failed FROM health_day d WHERE d.tenant = $tenant ORDER BY d.day DESC LIMIT $most;
