-- When a version was applied, in domain time. Null: a program without this column applied it.
ALTER TABLE registry.version ADD COLUMN at timestamptz;
