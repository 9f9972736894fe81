-- What open cases are computed from, for the question what a change of the registry would move: whoever may apply asks it through intake.
CREATE VIEW read.sla_state AS
SELECT case_id, CASE WHEN state = 'open' THEN body END AS body
  FROM sla.case;
GRANT SELECT ON read.sla_state TO callout_intake;
