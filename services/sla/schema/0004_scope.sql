-- Under which contract a case is, and who reported it: by these intake tells who may see it. Null: stored by an earlier release, and not
-- since; then only the customer says.
ALTER TABLE sla.case ADD COLUMN contract text, ADD COLUMN source text;

CREATE OR REPLACE VIEW read.sla_case AS
SELECT lane, case_id, customer, site, severity, state, opened_at, next_due_at, next_milestone, next_at, contract, source
  FROM sla.case;
