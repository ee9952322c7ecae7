-- The furthest behind first.
-- name: doctor_lags () many all_tenants "followers read lanes"
SELECT f.name, l.pos - f.pos AS behind:i64 FROM lane l JOIN follower_cursor f ON f.lane = l.lane ORDER BY behind DESC, f.name;

-- The roles that somebody holds, of each company; a company without any has one row without permissions.
-- name: doctor_roles () many all_tenants "the operator asks who answers for what is late"
SELECT t.tenant, t.code, r.permissions AS permissions:json? FROM tenant t
  LEFT JOIN role r ON r.tenant = t.tenant AND r.archived_at = 0
       AND EXISTS (SELECT 1 FROM user_account u WHERE (u.tenant, u.role_id) = (r.tenant, r.id) AND u.archived_at = 0)
 ORDER BY t.tenant, r.id;
