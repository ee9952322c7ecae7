-- Report forms that companies lay over those of packs.

-- Those that are or were in force, archived ones too: tickets hold answers to their questions.
-- name: report_forms_used () many
SELECT f.* FROM report_form f WHERE f.tenant = $tenant AND f.on_since > 0 ORDER BY f.created_at, f.id LIMIT 500;
