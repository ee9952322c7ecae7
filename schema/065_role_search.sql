-- Roles are found by their words: those of before come into the index by a job of each company.
INSERT INTO job (tenant, id, kind, run_at, unique_key)
SELECT tenant, min(id), 'upkeep.fill', min(created_at), 'role' FROM role GROUP BY tenant;
