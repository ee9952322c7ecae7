-- The next instants at which something is due of itself.

-- name: next_job (state code) many all_tenants "time goes on to whatever is due next"
SELECT run_at FROM job WHERE state = $state ORDER BY run_at, tenant, id LIMIT 1;

-- name: next_clock () many all_tenants "time goes on to whatever is due next"
SELECT next_at FROM service_clock ORDER BY next_at, tenant, id LIMIT 1;
