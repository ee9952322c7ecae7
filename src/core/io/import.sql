-- name: import_progress (id id, seen count, made count, renewed count, bad count, noted count) exec
UPDATE import_job SET done = $seen, created = $made, changed = $renewed, bad = $bad, marks = marks + $noted WHERE tenant = $tenant AND id = $id;

-- name: import_end (id id, state code, total count, fault text) exec
UPDATE import_job SET state = $state, rows = $total, last_error = $fault, version = version + 1 WHERE tenant = $tenant AND id = $id;

-- name: import_errors_clear (import id) exec
DELETE FROM import_error WHERE tenant = $tenant AND import_id = $import;

-- name: import_errors_page (import id, after_row count, after_column count, most i64) many hot
SELECT e.row_no, e.column_no, e.head, e.value, e.code, e.message FROM import_error e
 WHERE e.tenant = $tenant AND e.import_id = $import AND (e.row_no, e.column_no) > ($after_row, $after_column)
 ORDER BY e.row_no, e.column_no LIMIT $most;

-- name: imports_under_way () many all_tenants "a restart resumes the work of all companies"
SELECT i.tenant, i.id FROM import_job i WHERE i.state = 'running' OR i.state = 'checking' ORDER BY i.tenant, i.id;

-- name: user_rights (id id) many hot
SELECT u.team_id, u.region_id, u.role_id, r.permissions, r.scope, r.conditions FROM user_account u
  JOIN role r ON r.tenant = u.tenant AND r.id = u.role_id
 WHERE u.tenant = $tenant AND u.id = $id AND u.archived_at = 0;

-- Imports whose spreadsheet has been kept long enough, oldest first.
-- name: imports_kept (before time_ms, most i64) many
SELECT i.id FROM import_job i WHERE i.tenant = $tenant AND i.created_at < $before AND i.file_id > 0 AND i.state NOT IN ('running', 'checking', 'undoing')
 ORDER BY i.created_at, i.id LIMIT $most;

-- name: import_forget_file (id id) exec
UPDATE import_job SET file_id = 0, bundle_id = 0, folder = '', columns = '[]', version = version + 1 WHERE tenant = $tenant AND id = $id;
