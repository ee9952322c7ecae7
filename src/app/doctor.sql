-- The furthest behind first.
-- name: doctor_lags () many all_tenants "followers read lanes"
SELECT f.name, l.pos - f.pos AS behind:i64 FROM lane l JOIN follower_cursor f ON f.lane = l.lane ORDER BY behind DESC, f.name;
