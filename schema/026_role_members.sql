-- Who holds a role: those whom a policy's ladder calls supervisors are asked for often.
CREATE INDEX user_account_by_role ON user_account (tenant, role_id, id);
