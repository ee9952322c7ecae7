-- Flows that companies lay over the built-in ones.

-- name: company_flows_on () many
SELECT f.* FROM company_flow f WHERE f.tenant = $tenant AND f.state = 'on' AND f.archived_at = 0 ORDER BY f.created_at, f.id LIMIT 100;
