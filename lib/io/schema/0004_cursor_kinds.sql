-- What a service reads: bit k for entries of kind k. Other entries only move its cursor, which is saved with the next effect or
-- after a while; so who asks whether a service has something left to do asks for entries of these kinds behind the cursor.
ALTER TABLE journal.cursor ADD COLUMN kinds int8 NOT NULL DEFAULT -1;
