-- Every company of this installation, in the order in which they came.
-- name: companies_listed () many all_tenants "the operator of the installation asks"
SELECT t.tenant, t.code, t.name, t.demo, t.created_at FROM tenant t ORDER BY t.tenant;
