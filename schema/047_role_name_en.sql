-- A role is called something in English, too: packs bring both names.
ALTER TABLE role ADD COLUMN name_en code NOT NULL DEFAULT '';
UPDATE role SET name_en = 'Administrator' WHERE code = 'administrator' AND name = '管理员';
UPDATE role SET name_en = 'Supervisor' WHERE code = 'supervisor' AND name = '客服主管';
UPDATE role SET name_en = 'Agent' WHERE code = 'agent' AND name = '客服';
UPDATE role SET name_en = 'Reader' WHERE code = 'reader' AND name = '只读';
UPDATE role SET name_en = 'Security administrator' WHERE code = 'security' AND name = '安全管理员';
UPDATE role SET name_en = 'Auditor' WHERE code = 'auditor' AND name = '审计员';
