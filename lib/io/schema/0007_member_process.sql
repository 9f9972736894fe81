-- Which process has the name of an instance: a random number of its own. Who finds another one there has lost the name. 0: a process
-- of an earlier release, which does not say.
ALTER TABLE journal.member ADD COLUMN process int8 NOT NULL DEFAULT 0;
