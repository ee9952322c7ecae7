-- Conditions that rows must meet for people of a role to see them: [{"record":"ticket","where":"grade != critical"}]
ALTER TABLE role ADD COLUMN conditions json NOT NULL DEFAULT '[]';
