-- Least rights: what no statement needs is taken back.
REVOKE SELECT ON read.notify_notice FROM callout_sla, callout_dispatch, callout_notify;
REVOKE DELETE ON notify.notice_text FROM callout_notify;
