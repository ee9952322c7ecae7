-- What companies have chosen, for the memory of a node at its start.
-- name: settings_chosen () many all_tenants "a node answers for all companies"
SELECT s.tenant, s.name, s.value, s.version FROM setting s ORDER BY s.tenant, s.name;

-- What one company has chosen or once chose.
-- name: settings_of_company () many
SELECT s.* FROM setting s WHERE s.tenant = $tenant ORDER BY s.name;

-- name: setting_chosen (name code) many hot
SELECT s.* FROM setting s WHERE s.tenant = $tenant AND s.name = $name;
