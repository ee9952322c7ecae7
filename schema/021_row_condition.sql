-- Conditions that rows must meet for people of a role to see them: [{"record":"ticket","where":"grade != critical"}]
ALTER TABLE role ADD COLUMN conditions json NOT NULL DEFAULT '[]';
-- Free texts about people that this role sees masked, beside what everybody does: ["ticket.description"]
ALTER TABLE role ADD COLUMN masks json NOT NULL DEFAULT '[]';
